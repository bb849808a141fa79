package io.poolwise.pool;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryHint}.
 */
class RetryHintTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private long now = Long.MAX_VALUE - 1;

	private long returns = 1000;

	private final RetryHint hint = new RetryHint(() -> this.returns, () -> this.now);

	@Test
	void unknownRateIsTheAcquireTimeout() {
		assertThat(this.hint.after(0, TIMEOUT)).isEqualTo(TIMEOUT);
	}

	@Test
	void queueDrainsAtTheRateOfReturns() {
		this.hint.after(0, TIMEOUT);
		pass(Duration.ofSeconds(1), 200);
		assertThat(this.hint.after(99, TIMEOUT)).isEqualTo(Duration.ofMillis(500));
		assertThat(this.hint.after(0, TIMEOUT)).isEqualTo(Duration.ofMillis(5));
	}

	@Test
	void hintIsBetweenAMillisecondAndTheAcquireTimeout() {
		this.hint.after(0, TIMEOUT);
		pass(Duration.ofSeconds(1), 1_000_000);
		assertThat(this.hint.after(0, TIMEOUT)).isEqualTo(Duration.ofMillis(1));
		pass(Duration.ofSeconds(1), 1);
		assertThat(this.hint.after(5, TIMEOUT)).isEqualTo(TIMEOUT);
		assertThat(this.hint.after(Integer.MAX_VALUE, TIMEOUT)).isEqualTo(TIMEOUT);
	}

	@Test
	void rateIsOfTheLastWindow() {
		this.hint.after(0, TIMEOUT);
		pass(Duration.ofSeconds(1), 100);
		assertThat(this.hint.after(0, TIMEOUT)).isEqualTo(Duration.ofMillis(10));
		pass(Duration.ofMillis(99), 99);
		assertThat(this.hint.after(0, TIMEOUT)).as("too soon to measure").isEqualTo(Duration.ofMillis(10));
		pass(Duration.ofMillis(1), 1);
		assertThat(this.hint.after(0, TIMEOUT)).isEqualTo(Duration.ofMillis(1));
	}

	@Test
	void longAgoTellsNothing() {
		this.hint.after(0, TIMEOUT);
		pass(Duration.ofSeconds(11), 5000);
		assertThat(this.hint.after(0, TIMEOUT)).isEqualTo(TIMEOUT);
	}

	@Test
	void nothingThatComesBackIsNoRate() {
		this.hint.after(0, TIMEOUT);
		pass(Duration.ofSeconds(1), 0);
		assertThat(this.hint.after(0, TIMEOUT)).isEqualTo(TIMEOUT);
	}

	private void pass(Duration time, long returned) {
		this.now += time.toNanos();
		this.returns += returned;
	}

}
