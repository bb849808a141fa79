package io.poolwise.sample.load.traffic;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers as they come. Safe for use by several threads.
 */
final class AnswerRecorder {

	private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);

	private final Map<String, Long> kinds = new TreeMap<>();

	private final Map<Outcome, Histogram> latencies = new EnumMap<>(Outcome.class);

	private final Histogram reports = new Histogram(3);

	private final List<long[]> seconds = new ArrayList<>();

	private final Clock clock;

	private Instant began = Instant.EPOCH;

	private long begin;

	private long measuringSince;

	private long measuredNanos = -1;

	private boolean measuring;

	AnswerRecorder(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Takes note of one answer.
	 * @param outcome how the request ended
	 * @param kind what the answer said, {@code null} if it is what was asked for
	 * @param report whether a report was asked for, which takes its time by itself
	 * @param sentNanos when it was sent
	 * @param nowNanos when the answer was there
	 */
	synchronized void record(Outcome outcome, @Nullable String kind, boolean report, long sentNanos, long nowNanos) {
		if (this.counts.isEmpty()) {
			this.begin = sentNanos;
			this.began = this.clock.instant().minusNanos(nowNanos - sentNanos);
		}
		this.counts.merge(outcome, 1L, Long::sum);
		if (kind != null) {
			this.kinds.merge(kind, 1L, Long::sum);
		}
		long[] second = second((int) Math.max(0, (nowNanos - this.begin) / 1_000_000_000));
		second[switch (outcome) {
			case COMPLETED, LATE -> 0;
			case REFUSED -> 1;
			case FAILED -> 2;
		}]++;
		if (this.measuring) {
			Histogram histogram = (report && outcome == Outcome.COMPLETED) ? this.reports
					: this.latencies.computeIfAbsent(outcome, (any) -> new Histogram(3));
			histogram.recordValue(Math.max(0, (nowNanos - sentNanos) / 1000));
		}
	}

	private long[] second(int index) {
		while (this.seconds.size() <= index) {
			this.seconds.add(new long[3]);
		}
		return this.seconds.get(index);
	}

	/** From now on, times count. */
	synchronized void measure(long nowNanos) {
		this.measuring = true;
		this.measuringSince = nowNanos;
	}

	/** From now on, times don't count. */
	synchronized void end(long nowNanos) {
		if (this.measuring) {
			this.measuring = false;
			this.measuredNanos = nowNanos - this.measuringSince;
		}
	}

	synchronized Answers answers() {
		Map<Outcome, Answers.Latency> times = new EnumMap<>(Outcome.class);
		this.latencies.forEach((outcome, histogram) -> times.put(outcome, latency(histogram)));
		return new Answers(this.began, new EnumMap<>(this.counts), new TreeMap<>(this.kinds), this.measuredNanos / 1e9,
				times, latency(this.reports),
				this.seconds.stream().map((row) -> new Answers.Second(row[0], row[1], row[2])).toList());
	}

	private static Answers.Latency latency(Histogram histogram) {
		return new Answers.Latency(histogram.getTotalCount(), millis(histogram, 50), millis(histogram, 95),
				millis(histogram, 99), histogram.getMaxValue() / 1000.0);
	}

	private static double millis(Histogram histogram, double percentile) {
		return histogram.getValueAtPercentile(percentile) / 1000.0;
	}

}
