package io.poolwise.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Says after which time another try makes sense: when as many connections will have come
 * back as callers wait, and one more, at the rate at which they came back lately. The
 * borrow path keeps no clock, so the rate is measured only while somebody asks: from the
 * number of returns at one question to that at another, 100 ms to 10 s later. As long as
 * it isn't known, the hint is the acquire timeout, which is also the most. Safe for any
 * thread, without a lock.
 */
public final class RetryHint {

	private static final long LEAST_WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long MOST_WINDOW = TimeUnit.SECONDS.toNanos(10);

	private static final long LEAST_HINT = TimeUnit.MILLISECONDS.toNanos(1);

	private final LongSupplier returns;

	private final LongSupplier nanos;

	private final AtomicReference<@Nullable Sample> sample = new AtomicReference<>();

	/**
	 * Creates a hint.
	 * @param returns how often a connection has come back, a growing number
	 * @param nanos the time in nanoseconds, from any origin
	 */
	public RetryHint(LongSupplier returns, LongSupplier nanos) {
		this.returns = returns;
		this.nanos = nanos;
	}

	/**
	 * Estimates.
	 * <p>
	 * Example: 200 connections came back in the last second and 99 callers wait: 500 ms.
	 * @param pending callers that wait, at least 0
	 * @param acquireTimeout the most, above 0
	 * @return 1 ms to the acquire timeout
	 */
	public Duration after(int pending, Duration acquireTimeout) {
		long each = nanosPerReturn();
		long most = acquireTimeout.toNanos();
		if (each <= 0 || each > most / (pending + 1L)) {
			return acquireTimeout;
		}
		return Duration.ofNanos(Math.min(most, Math.max(LEAST_HINT, each * (pending + 1L))));
	}

	private long nanosPerReturn() {
		long now = this.nanos.getAsLong();
		Sample last = this.sample.get();
		if (last != null && now - last.at < LEAST_WINDOW) {
			return last.nanosPerReturn;
		}
		long count = this.returns.getAsLong();
		long each = (last != null) ? rate(now - last.at, count - last.returns) : 0;
		this.sample.compareAndSet(last, new Sample(now, count, each));
		return each;
	}

	private static long rate(long window, long returns) {
		return (window <= MOST_WINDOW && returns > 0) ? Math.max(1, window / returns) : 0;
	}

	/**
	 * What was seen at one moment.
	 *
	 * @param at when
	 * @param returns the number of returns
	 * @param nanosPerReturn the time between two returns before that, 0 if not known
	 */
	private record Sample(long at, long returns, long nanosPerReturn) {
	}

}
