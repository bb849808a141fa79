package io.poolwise.advice;

import java.time.Duration;
import java.util.List;

/**
 * Samples of one pool, taken one after the other at equal intervals.
 *
 * @param interval the time from one sample to the next, above 0
 * @param samples the samples, oldest first; may be empty
 * @param rounding each use's time with its connection was rounded down to a multiple of
 * this before it was added up; 0 or more
 */
public record UsageWindow(Duration interval, List<UsageSample> samples, Duration rounding) {

	public UsageWindow {
		if (interval.isNegative() || interval.isZero()) {
			throw new IllegalArgumentException("An interval must be above 0, but was " + interval);
		}
		if (rounding.isNegative()) {
			throw new IllegalArgumentException("A rounding can't be negative, but was " + rounding);
		}
		samples = List.copyOf(samples);
	}

	/**
	 * Creates a window whose times are exact.
	 * @param interval the time from one sample to the next, above 0
	 * @param samples the samples, oldest first; may be empty
	 */
	public UsageWindow(Duration interval, List<UsageSample> samples) {
		this(interval, samples, Duration.ZERO);
	}

	/**
	 * How long the uses of a sample held their connections, in seconds. What was rounded
	 * away is half a unit a use on average, and at most half a unit more or less.
	 */
	double held(UsageSample sample) {
		return seconds(sample.held()) + sample.completed() * roundingSeconds() / 2;
	}

	double roundingSeconds() {
		return seconds(this.rounding);
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
