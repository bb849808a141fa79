package io.poolwise.advice;

import java.time.Duration;
import java.util.List;

/**
 * Samples of one pool, taken one after the other at equal intervals.
 *
 * @param interval the time from one sample to the next, above 0
 * @param samples the samples, oldest first; may be empty
 */
public record UsageWindow(Duration interval, List<UsageSample> samples) {

	public UsageWindow {
		if (interval.isNegative() || interval.isZero()) {
			throw new IllegalArgumentException("An interval must be above 0, but was " + interval);
		}
		samples = List.copyOf(samples);
	}

	double intervalSeconds() {
		return seconds(this.interval);
	}

	double lengthSeconds() {
		return intervalSeconds() * this.samples.size();
	}

	static double seconds(Duration duration) {
		return duration.getSeconds() + duration.getNano() / 1e9;
	}

}
