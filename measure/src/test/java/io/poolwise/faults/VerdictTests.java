package io.poolwise.faults;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Verdict} and {@link Measurement}.
 */
class VerdictTests {

	private static final Measurement STOCK = seen(100, 1, 0, 2, 50);

	@Test
	void sameAsStockIsNotWorse() {
		assertThat(Verdict.of(STOCK, STOCK).worse()).isFalse();
	}

	@Test
	void fewMoreFailuresAreNoise() {
		assertThat(Verdict.of(STOCK, seen(158, 1, 0, 2, 50)).worse()).isFalse();
		assertThat(Verdict.of(STOCK, seen(159, 1, 0, 2, 50)).reasons()).containsExactly("159 failed, stock 100");
	}

	@Test
	void failuresWhereStockHasNoneAreWorse() {
		Measurement quiet = seen(0, 0, 0, 0, 50);
		assertThat(Verdict.of(quiet, seen(8, 0, 0, 0, 50)).worse()).isFalse();
		assertThat(Verdict.of(quiet, seen(9, 0, 0, 0, 50)).reasons()).containsExactly("9 failed, stock 0");
	}

	@Test
	void oneMoreCutIsWorse() {
		assertThat(Verdict.of(STOCK, seen(100, 2, 0, 2, 50)).reasons()).containsExactly("2 cut, stock 1");
	}

	@Test
	void oneMoreFailedStartIsWorse() {
		assertThat(Verdict.of(STOCK, seen(100, 1, 1, 2, 50)).reasons()).containsExactly("1 failed starts, stock 0");
	}

	@Test
	void laterRecoveryIsWorse() {
		assertThat(Verdict.of(STOCK, seen(100, 1, 0, 7, 50)).worse()).isFalse();
		assertThat(Verdict.of(STOCK, seen(100, 1, 0, 8, 50)).reasons()).containsExactly("back after 8 s, stock 2 s");
		assertThat(Verdict.of(STOCK, seen(100, 1, 0, Double.NaN, 50)).reasons())
			.containsExactly("not back, stock after 2 s");
	}

	@Test
	void lessThroughputIsWorse() {
		assertThat(Verdict.of(STOCK, seen(100, 1, 0, 2, 34)).reasons()).containsExactly("34 operations/s, stock 50");
	}

	@Test
	void lateFailureCountsAsManyRequests() {
		long second = 1_000_000_000L;
		Operation late = new Operation(Operation.Kind.STEADY, 0, 3 * second, second / 10, "TimeoutException");
		assertThat(late.weight()).isEqualTo(30);
		Measurement seen = Measurement.of(List.of(late), 0, 0, 4 * second, 0, 0);
		assertThat(seen.failed()).isEqualTo(30);
		assertThat(seen.failures()).containsOnly(Map.entry("STEADY TimeoutException", 1));
	}

	@Test
	void operationSurvivesItsLine() {
		Operation failed = new Operation(Operation.Kind.CARRIED, 1, 2, 3, "A<-B");
		assertThat(Operation.parse(failed.line())).isEqualTo(failed);
		Operation done = new Operation(Operation.Kind.STEADY, 1, 2, 0, null);
		assertThat(Operation.parse(done.line())).isEqualTo(done);
	}

	private static Measurement seen(long failed, long cut, long failedStarts, double back, double perSecond) {
		return new Measurement(failed, cut, failedStarts, 1, back, perSecond, 0.1, 0, 10, Map.of());
	}

}
