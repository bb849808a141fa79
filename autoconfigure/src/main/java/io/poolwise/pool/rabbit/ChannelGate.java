package io.poolwise.pool.rabbit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Counts the physical channels of one pool and never lets more than its limit exist. A
 * channel counts from before it is opened until after the broker has closed it. Channels
 * of listener containers are counted apart: they neither take permits nor wait. Safe for
 * any thread.
 */
final class ChannelGate {

	/**
	 * Longer than a close takes. A channel that somebody undertook to close and that is
	 * still open then, never will be.
	 */
	private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(60);

	/**
	 * How long a caller waits for what comes idle elsewhere before a channel is closed
	 * there, so that it can have one where it needs it.
	 */
	private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Waiter> waiters = new ArrayDeque<>();

	// when each close above the limit was undertaken
	private final Deque<Long> retiring = new ArrayDeque<>();

	private final LongSupplier nanos;

	// changed under the lock, read without it by those who only look
	private final AtomicInteger open = new AtomicInteger();

	private final AtomicInteger pending = new AtomicInteger();

	private final AtomicInteger listeners = new AtomicInteger();

	private volatile int limit;

	private boolean moving;

	/**
	 * Creates a gate.
	 * @param limit how many channels may exist at once, at least 1
	 * @param nanos the time in nanoseconds, from any origin
	 */
	ChannelGate(int limit, LongSupplier nanos) {
		this.limit = limit;
		this.nanos = nanos;
	}

	int limit() {
		return this.limit;
	}

	/**
	 * Changes the limit. Growth lets waiting callers in at once, the longest waiting
	 * first; shrinking cuts nothing.
	 * @param limit how many channels may exist at once, at least 1
	 */
	void limit(int limit) {
		locked(() -> {
			this.limit = limit;
			admit();
		});
	}

	/**
	 * Channels that hold a permit: being opened, open, being closed.
	 * @return how many, at least 0; above the limit only after it was lowered
	 */
	int open() {
		return this.open.get();
	}

	/**
	 * Channels of listener containers.
	 * @return how many, at least 0
	 */
	int listeners() {
		return this.listeners.get();
	}

	/**
	 * Callers that wait for a channel.
	 * @return how many, at least 0
	 */
	int pending() {
		return this.pending.get();
	}

	/**
	 * Undertakes to close one channel if more than the limit would exist after all closes
	 * that were undertaken before.
	 * @return whether the caller has to close a channel; it is done when the channel
	 * {@linkplain #leave() leaves}
	 */
	boolean retire() {
		if (this.open.get() <= this.limit) {
			return false;
		}
		this.lock.lock();
		try {
			return retireExcess();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Undertakes to close a channel that comes back to its cache, if there are too many,
	 * or if somebody has waited long for a channel in another place and none is on its
	 * way already. Else wakes one caller that waits.
	 * @param place where the channel comes back; null if that isn't known
	 * @return whether the caller has to close the channel
	 */
	boolean retireReturning(@Nullable Object place) {
		if (this.open.get() <= this.limit && this.pending.get() == 0) {
			return false;
		}
		this.lock.lock();
		try {
			if (retireExcess()) {
				return true;
			}
			Waiter first = this.waiters.peek();
			long now = this.nanos.getAsLong();
			if (first != null && !this.moving && !first.place.equals(place) && now - first.since > PATIENCE_NANOS) {
				this.moving = true;
				this.retiring.addLast(now);
				return true;
			}
			wakeOne(place);
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean retireExcess() {
		long now = this.nanos.getAsLong();
		while (!this.retiring.isEmpty() && now - this.retiring.getFirst() > CLOSE_NANOS) {
			this.retiring.removeFirst();
			this.moving = false;
		}
		if (this.open.get() - this.retiring.size() <= this.limit) {
			return false;
		}
		this.retiring.addLast(now);
		return true;
	}

	/**
	 * Takes a permit if one is free and nobody waits for it.
	 * @return whether it was taken
	 */
	boolean tryEnter() {
		this.lock.lock();
		try {
			if (!this.waiters.isEmpty() || this.open.get() >= this.limit) {
				return false;
			}
			this.open.incrementAndGet();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Gives a permit back: the channel is closed, or could not be opened.
	 */
	void leave() {
		locked(() -> {
			this.open.decrementAndGet();
			this.retiring.pollFirst();
			this.moving = false;
			admit();
		});
	}

	void listenerEntered() {
		this.listeners.incrementAndGet();
	}

	void listenerLeft() {
		this.listeners.decrementAndGet();
	}

	/**
	 * Queues up the caller.
	 * @param place where it needs a channel
	 * @return the caller's place, to be closed in any case
	 */
	Waiter join(Object place) {
		return Objects.requireNonNull(join(place, 0));
	}

	/**
	 * Queues up the caller, unless too many wait.
	 * @param place where it needs a channel
	 * @param maxPending callers that may wait, 0 for any number
	 * @return the caller's place, to be closed in any case; null if as many wait as may
	 */
	@Nullable Waiter join(Object place, int maxPending) {
		this.lock.lock();
		try {
			if (maxPending > 0 && this.pending.get() >= maxPending) {
				return null;
			}
			Waiter waiter = new Waiter(place, this.nanos.getAsLong());
			this.waiters.add(waiter);
			this.pending.incrementAndGet();
			admit();
			return waiter;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wakes who can use the channel best: the longest waiting caller in its place, else
	 * the longest waiting one, who has it closed.
	 */
	private void wakeOne(@Nullable Object place) {
		Waiter chosen = null;
		for (Waiter waiter : this.waiters) {
			if (!waiter.woken) {
				chosen = (chosen != null) ? chosen : waiter;
				if (waiter.place.equals(place)) {
					chosen = waiter;
					break;
				}
			}
		}
		if (chosen != null) {
			chosen.woken = true;
			chosen.signal.release();
		}
	}

	private void admit() {
		while (this.open.get() < this.limit && !this.waiters.isEmpty()) {
			Waiter first = this.waiters.remove();
			this.open.incrementAndGet();
			first.admitted = true;
			first.signal.release();
		}
	}

	private void locked(Runnable change) {
		this.lock.lock();
		try {
			change.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * One caller in the queue. Only for the thread that joined.
	 */
	final class Waiter implements AutoCloseable {

		private final Semaphore signal = new Semaphore(0);

		private final Object place;

		private final long since;

		// both under the gate's lock
		private boolean admitted;

		private boolean woken;

		private Waiter(Object place, long since) {
			this.place = place;
			this.since = since;
		}

		/**
		 * Takes the permit that the gate has given to this caller. A caller without one
		 * must look for an idle channel before it waits.
		 * @return whether there was one; the caller then owes a {@link #leave()}
		 */
		boolean enter() {
			ChannelGate.this.lock.lock();
			try {
				if (this.admitted) {
					this.admitted = false;
					return true;
				}
				// the caller looks for an idle channel next; who comes idle later wakes
				// it
				this.woken = false;
				return false;
			}
			finally {
				ChannelGate.this.lock.unlock();
			}
		}

		/**
		 * Waits until the gate has news for this caller. May return without any.
		 * @param nanos how long at most, in nanoseconds
		 * @throws InterruptedException when the thread was interrupted
		 */
		void await(long nanos) throws InterruptedException {
			if (this.signal.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
				this.signal.drainPermits();
			}
		}

		/**
		 * Leaves the queue. What the gate gave to this caller meanwhile goes to the next.
		 */
		@Override
		public void close() {
			locked(() -> {
				ChannelGate.this.pending.decrementAndGet();
				ChannelGate.this.waiters.remove(this);
				if (this.admitted) {
					this.admitted = false;
					ChannelGate.this.open.decrementAndGet();
					admit();
				}
				if (this.woken) {
					wakeOne(this.place);
				}
			});
		}

	}

}
