package io.poolwise.faults;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Recovery}.
 */
class RecoveryTests {

	private final List<Operation> operations = new ArrayList<>();

	@Test
	void isBackAtOnceWithoutFailures() {
		steady(0, 10, null);
		assertThat(back(10)).isZero();
	}

	@Test
	void isBackAfterTheLastFailure() {
		steady(0, 10, null);
		add(6.5, "TimeoutException");
		assertThat(back(10)).isEqualTo(3);
	}

	@Test
	void isNotBackWhileCallersHang() {
		steady(0, 2, null);
		assertThat(back(10)).isNaN();
	}

	@Test
	void isBackWhenHangingCallersGoOn() {
		steady(0, 2, null);
		steady(7, 10, null);
		assertThat(back(10)).isEqualTo(3);
	}

	@Test
	void isNotBackWithFewOperations() {
		steady(0, 2, null);
		add(5, null);
		add(6, null);
		add(7, null);
		assertThat(back(8)).isNaN();
	}

	@Test
	void isNotBackWhileThereAreFailures() {
		steady(0, 10, null);
		steady(4, 10, "SQLException");
		assertThat(back(10)).isNaN();
	}

	private double back(double until) {
		return Recovery.seconds(this.operations, nanos(2), nanos(4), nanos(until));
	}

	private void steady(double from, double to, String failure) {
		for (double at = from; at < to; at += 0.1) {
			add(at, failure);
		}
	}

	private void add(double at, String failure) {
		this.operations.add(new Operation(Operation.Kind.STEADY, nanos(at) - 1, nanos(at), nanos(0.1), failure));
	}

	private static long nanos(double seconds) {
		return Math.round(seconds * 1e9);
	}

}
