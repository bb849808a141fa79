package io.poolwise.pool.hikari;

import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Room for so many connections, for which a connect waits. Safe for any thread.
 */
final class Room {

	private final LongSupplier patienceMillis;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final AtomicInteger taken = new AtomicInteger();

	private int limit;

	/**
	 * Creates room that is free.
	 * @param limit for how many, at least 1
	 * @param patienceMillis how long to wait for it, in milliseconds
	 */
	Room(int limit, LongSupplier patienceMillis) {
		this.limit = limit;
		this.patienceMillis = patienceMillis;
	}

	void limit(int limit) {
		this.lock.lock();
		try {
			this.limit = limit;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How much of it is taken; more than the limit for a while after that fell.
	 * @return connections, at least 0
	 */
	int taken() {
		return this.taken.get();
	}

	/**
	 * Waits until there is room, without taking it.
	 * @throws SQLTransientConnectionException if there is none in time, or the thread is
	 * interrupted
	 */
	void await() throws SQLTransientConnectionException {
		await(false);
	}

	/**
	 * Takes room for one connection.
	 * @throws SQLTransientConnectionException if there is none in time, or the thread is
	 * interrupted
	 */
	void take() throws SQLTransientConnectionException {
		await(true);
	}

	private void await(boolean take) throws SQLTransientConnectionException {
		this.lock.lock();
		try {
			long nanos = TimeUnit.MILLISECONDS.toNanos(this.patienceMillis.getAsLong());
			while (this.taken.get() >= this.limit) {
				if (nanos <= 0) {
					throw new SQLTransientConnectionException(
							"The pool may have " + this.limit + " connections, and " + this.taken + " are still open");
				}
				nanos = this.changed.awaitNanos(nanos);
			}
			if (take) {
				this.taken.incrementAndGet();
			}
			else {
				// whoever was woken for the same room decides again, too
				this.changed.signal();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("Interrupted while waiting for a connection to be closed", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Gives back what one connection took.
	 */
	void giveBack() {
		this.lock.lock();
		try {
			this.taken.decrementAndGet();
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

}
