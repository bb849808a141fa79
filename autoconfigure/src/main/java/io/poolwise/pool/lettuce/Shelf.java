package io.poolwise.pool.lettuce;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link MixedPool} that holds one type: its idle connections and the
 * callers that wait for one. Guarded by the pool's lock.
 *
 * @param <T> the type of the connections
 * @param <C> the connections
 */
final class Shelf<T, C> {

	private static final long FIRST_PAUSE = 100_000_000L;

	private static final int MOST_DOUBLINGS = 4;

	final T type;

	/**
	 * The last returned first, so that the others grow old and can go.
	 */
	final Deque<Idle<C>> idle = new ArrayDeque<>();

	/**
	 * In order of arrival.
	 */
	final Set<Waiter<C>> waiters = new LinkedHashSet<>();

	int opening;

	int used;

	private int failures;

	private long retryAt;

	Shelf(T type) {
		this.type = type;
	}

	/**
	 * Callers for whom no connection is being opened.
	 * @return how many, at least 0
	 */
	int unserved() {
		return Math.max(0, this.waiters.size() - this.opening);
	}

	@Nullable Waiter<C> firstWaiter() {
		Iterator<Waiter<C>> iterator = this.waiters.iterator();
		return iterator.hasNext() ? iterator.next() : null;
	}

	@Nullable Waiter<C> takeFirstWaiter() {
		Waiter<C> first = firstWaiter();
		if (first != null) {
			this.waiters.remove(first);
		}
		return first;
	}

	boolean holdsNothing() {
		return this.used == 0 && this.idle.isEmpty();
	}

	/**
	 * Whether opening may be tried: after a failure only when a pause is over.
	 * @param now the present time in nanoseconds
	 * @return whether it may
	 */
	boolean mayOpen(long now) {
		return this.failures == 0 || now - this.retryAt >= 0;
	}

	void opened() {
		this.failures = 0;
	}

	/**
	 * Notes that opening failed.
	 * @param now the present time in nanoseconds
	 * @return how long the pause is, in nanoseconds
	 */
	long failed(long now) {
		long pause = FIRST_PAUSE << Math.min(this.failures++, MOST_DOUBLINGS);
		this.retryAt = now + pause;
		return pause;
	}

	/**
	 * An idle connection.
	 *
	 * @param connection the connection
	 * @param since when it became idle, in nanoseconds
	 */
	record Idle<C>(C connection, long since) {
	}

	/**
	 * A caller that waits.
	 */
	static final class Waiter<C> extends CompletableFuture<C> {

		final long since;

		Waiter(long since) {
			this.since = since;
		}

	}

}
