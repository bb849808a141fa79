package io.poolwise.advice;

import org.jspecify.annotations.Nullable;

/**
 * The average concurrency that follows from throughput and hold time: L = lambda x W
 * (Little 1961).
 *
 * @param throughput the uses that ended, a second, above 0
 * @param holdSeconds how long a use held its connection, on average
 * @param waitSeconds how long its caller waited before, on average
 */
record LittlesLaw(double throughput, double holdSeconds, double waitSeconds) {

	/**
	 * Takes the law's terms from a window.
	 * @param window the window
	 * @return the terms, or null if no use was measured
	 */
	static @Nullable LittlesLaw of(UsageWindow window) {
		double completed = 0;
		double held = 0;
		double waited = 0;
		for (UsageSample sample : window.samples()) {
			completed += sample.completed();
			held += UsageWindow.seconds(sample.held());
			waited += UsageWindow.seconds(sample.waited());
		}
		return (completed > 0)
				? new LittlesLaw(completed / window.lengthSeconds(), held / completed, waited / completed) : null;
	}

	/**
	 * Returns the connections in use on average.
	 * <p>
	 * Example: 400 uses a second of 20 ms each are 8 connections.
	 */
	double used() {
		return this.throughput * this.holdSeconds;
	}

	/**
	 * Returns the connections wanted on average: the law applied to callers from when
	 * they begin to wait.
	 */
	double demand() {
		return this.throughput * (this.holdSeconds + this.waitSeconds);
	}

	/**
	 * Returns whether the samples saw what the law says: to within three standard errors,
	 * a fifth, or half a connection, whichever is most. They don't when uses last longer
	 * than the window, or when the samples keep step with bursts.
	 */
	boolean agreesWith(DemandStatistics used) {
		double tolerance = Math.max(0.5, Math.max(3 * used.standardError(), 0.2 * Math.max(used(), used.mean())));
		return Math.abs(used() - used.mean()) <= tolerance;
	}

}
