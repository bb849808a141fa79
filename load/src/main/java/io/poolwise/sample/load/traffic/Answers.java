package io.poolwise.sample.load.traffic;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the users were answered.
 *
 * @param began when the first request was sent
 * @param counts all requests, by outcome
 * @param kinds those that were refused, failed or late, by what the answer said
 * @param measuredSeconds how long it was measured
 * @param latencies the time to the answer while it was measured, by outcome, without
 * completed reports
 * @param reports the time to completed reports
 * @param seconds what was answered in each second, from the first request on
 */
public record Answers(Instant began, Map<Outcome, Long> counts, Map<String, Long> kinds, double measuredSeconds,
		Map<Outcome, Latency> latencies, Latency reports, List<Second> seconds) {

	public long count(Outcome outcome) {
		return this.counts.getOrDefault(outcome, 0L);
	}

	public Latency latency(Outcome outcome) {
		return this.latencies.getOrDefault(outcome, new Latency(0, 0, 0, 0, 0));
	}

	/**
	 * The times to the answers of one outcome.
	 *
	 * @param count how many there were
	 * @param p50 the median, in milliseconds
	 * @param p95 the 95th percentile, in milliseconds
	 * @param p99 the 99th percentile, in milliseconds
	 * @param max the longest, in milliseconds
	 */
	public record Latency(long count, double p50, double p95, double p99, double max) {
	}

	/**
	 * What was answered in one second.
	 *
	 * @param completed requests completed
	 * @param refused requests refused
	 * @param failed requests failed
	 */
	public record Second(long completed, long refused, long failed) {
	}

}
