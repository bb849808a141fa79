package io.poolwise.advice;

import org.jspecify.annotations.Nullable;

/**
 * The average concurrency that follows from throughput and hold time: L = lambda x W
 * (Little 1961).
 *
 * @param throughput the uses that ended, a second, above 0
 * @param holdSeconds how long a use held its connection, on average
 * @param waitSeconds how long its caller waited before, on average
 * @param error the standard error of the average demand, in connections, 0 or more
 * @param rounding how far the average may be off since each use's time was rounded, in
 * connections, 0 or more
 */
record LittlesLaw(double throughput, double holdSeconds, double waitSeconds, double error, double rounding) {

	/**
	 * Takes the law's terms from a window.
	 * <p>
	 * The error needs no assumption about arrivals and hold times: what the uses that
	 * ended in a second took, is a series whose mean is the demand, so that the variance
	 * of throughput and hold times and their resemblance from second to second are all in
	 * it ({@link DemandStatistics}).
	 * @param window the window
	 * @return the terms, or null if no use was measured
	 */
	static @Nullable LittlesLaw of(UsageWindow window) {
		double completed = 0;
		double held = 0;
		double waited = 0;
		double[] demand = new double[window.samples().size()];
		for (int i = 0; i < demand.length; i++) {
			UsageSample sample = window.samples().get(i);
			double waitedHere = UsageWindow.seconds(sample.waited());
			demand[i] = (window.held(sample) + waitedHere) / window.intervalSeconds();
			completed += sample.completed();
			held += window.held(sample);
			waited += waitedHere;
		}
		if (completed == 0) {
			return null;
		}
		double throughput = completed / window.lengthSeconds();
		return new LittlesLaw(throughput, held / completed, waited / completed,
				DemandStatistics.of(demand).standardError(), throughput * window.roundingSeconds() / 2);
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
	 * Returns the part of their time that callers waited, from 0 to 1.
	 */
	double waiting() {
		double time = this.holdSeconds + this.waitSeconds;
		return (time > 0) ? this.waitSeconds / time : 0;
	}

	/**
	 * Returns whether the samples saw what the law says: to within three standard errors,
	 * a fifth, or half a connection, whichever is most, and what was rounded. They don't
	 * when uses last longer than the window, or when the samples keep step with bursts.
	 */
	boolean agreesWith(DemandStatistics used) {
		double errors = 3 * Math.hypot(used.standardError(), this.error);
		double tolerance = Math.max(0.5, Math.max(errors, 0.2 * Math.max(used(), used.mean())));
		return Math.abs(used() - used.mean()) <= tolerance + this.rounding;
	}

}
