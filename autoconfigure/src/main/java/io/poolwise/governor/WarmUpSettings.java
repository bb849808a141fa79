package io.poolwise.governor;

import java.time.Duration;

/**
 * Whether and how a pool is filled before its application takes requests.
 *
 * @param enabled whether it is; else a pool opens connections as they are wanted
 * @param timeout after which time the application starts anyway, above 0
 * @param rate connects a second for the pool, over the whole fleet, at least 1
 */
public record WarmUpSettings(boolean enabled, Duration timeout, int rate) {

	/**
	 * Nothing is opened ahead.
	 */
	public static final WarmUpSettings OFF = new WarmUpSettings(false, Duration.ofSeconds(30), 200);

	public WarmUpSettings {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("timeout must be above 0, was " + timeout);
		}
		if (rate < 1) {
			throw new IllegalArgumentException("rate must be at least 1, was " + rate);
		}
	}

	/**
	 * The time from one connect of this instance to the next.
	 * @param instances instances that may start together, at least 1
	 * @return the pause, rounded down to nanoseconds
	 */
	Duration pause(int instances) {
		return Duration.ofSeconds(instances).dividedBy(this.rate);
	}

}
