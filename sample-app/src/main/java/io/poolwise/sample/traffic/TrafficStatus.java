package io.poolwise.sample.traffic;

import java.util.Map;

/**
 * What the traffic has done so far.
 *
 * @param users how many users there are now
 * @param maxUsers how many there may be
 * @param thinkTimeMs how long a user waits between two requests on average, milliseconds
 * @param inFlight requests that wait for their answer
 * @param ok requests answered as hoped, since the start
 * @param soldOut orders that were refused because stock had run out, since the start
 * @param failed all other answers, by kind, since the start; may be empty
 * @param latencyMs how long answers took in the last ten seconds
 */
public record TrafficStatus(int users, int maxUsers, long thinkTimeMs, int inFlight, long ok, long soldOut,
		Map<String, Long> failed, Latency latencyMs) {

	public TrafficStatus {
		failed = Map.copyOf(failed);
	}

	/**
	 * Percentiles in milliseconds, 0 without requests.
	 *
	 * @param p50 the median
	 * @param p95 95 of 100 were faster
	 * @param p99 99 of 100 were faster
	 */
	public record Latency(double p50, double p95, double p99) {
	}

}
