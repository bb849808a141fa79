package io.poolwise.sample.load.traffic;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link AnswerRecorder}.
 */
class AnswerRecorderTests {

	private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

	private final AnswerRecorder recorder = new AnswerRecorder(Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void countsAllButTimesOnlyWhatCameWhileItWasMeasured() {
		completed(0, 900);
		this.recorder.measure(millis(1000));
		completed(1000, 1010);
		completed(1010, 1030);
		this.recorder.end(millis(3000));
		completed(3000, 3500);
		Answers answers = this.recorder.answers();
		assertThat(answers.count(Outcome.COMPLETED)).isEqualTo(4);
		assertThat(answers.latency(Outcome.COMPLETED).count()).isEqualTo(2);
		assertThat(answers.latency(Outcome.COMPLETED).max()).isCloseTo(20, within(0.1));
		assertThat(answers.measuredSeconds()).isEqualTo(2.0);
	}

	@Test
	void timesReportsApart() {
		this.recorder.measure(0);
		completed(0, 10);
		this.recorder.record(Outcome.COMPLETED, null, true, 0, millis(4000));
		Answers answers = this.recorder.answers();
		assertThat(answers.count(Outcome.COMPLETED)).isEqualTo(2);
		assertThat(answers.latency(Outcome.COMPLETED).max()).isCloseTo(10, within(0.1));
		assertThat(answers.reports().p99()).isCloseTo(4000, within(10.0));
	}

	@Test
	void sortsBySecondsSinceTheFirstRequest() {
		this.recorder.record(Outcome.COMPLETED, null, false, millis(5000), millis(5100));
		this.recorder.record(Outcome.LATE, "late", false, millis(5000), millis(5900));
		this.recorder.record(Outcome.REFUSED, "full", false, millis(7000), millis(7001));
		this.recorder.record(Outcome.FAILED, "broken", false, millis(7000), millis(7002));
		Answers answers = this.recorder.answers();
		assertThat(answers.began()).isEqualTo(NOW.minus(Duration.ofMillis(100)));
		assertThat(answers.seconds()).containsExactly(new Answers.Second(2, 0, 0), new Answers.Second(0, 0, 0),
				new Answers.Second(0, 1, 1));
		assertThat(answers.kinds()).containsOnlyKeys("late", "full", "broken");
	}

	private void completed(long sent, long now) {
		this.recorder.record(Outcome.COMPLETED, null, false, millis(sent), millis(now));
	}

	private static long millis(long millis) {
		return Duration.ofMillis(millis).toNanos();
	}

}
