package io.poolwise.pool;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Spaces connects out that nobody waits for: so many a second, at uneven times, so that
 * instances which start together don't connect together. Safe for any thread.
 */
public final class ConnectPace {

	private final long pauseNanos;

	private final LongSupplier nanos;

	private final DoubleSupplier random;

	private boolean begun;

	private long next;

	/**
	 * Creates a pace.
	 * @param pause the time from one connect to the next, on average; not negative, zero
	 * for no pause
	 * @param nanos the present time in nanoseconds
	 * @param random random numbers, 0 to below 1
	 */
	public ConnectPace(Duration pause, LongSupplier nanos, DoubleSupplier random) {
		if (pause.isNegative()) {
			throw new IllegalArgumentException("pause must not be negative, was " + pause);
		}
		this.pauseNanos = pause.toNanos();
		this.nanos = nanos;
		this.random = random;
	}

	/**
	 * Takes the next place in time. The first is up to one pause away, each other half a
	 * pause to one and a half after the one before.
	 * @return how long to wait before the connect, in nanoseconds, at least 0
	 */
	public synchronized long next() {
		long now = this.nanos.getAsLong();
		if (!this.begun) {
			this.begun = true;
			this.next = now + (long) (this.pauseNanos * this.random.getAsDouble());
		}
		else {
			this.next += (long) (this.pauseNanos * (0.5 + this.random.getAsDouble()));
		}
		if (this.next - now < 0) {
			// what was missed is not made up for
			this.next = now;
		}
		return this.next - now;
	}

}
