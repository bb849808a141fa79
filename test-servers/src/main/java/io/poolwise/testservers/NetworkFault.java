package io.poolwise.testservers;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is wrong with a network now, and a gate for what is sent over it. Safe for use by
 * several threads.
 */
final class NetworkFault {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private long delayNanos;

	private boolean stalled;

	/**
	 * Changes what is wrong.
	 * @param delay how long a chunk is on its way
	 * @param stalled whether nothing gets through
	 */
	void set(Duration delay, boolean stalled) {
		this.lock.lock();
		try {
			this.delayNanos = delay.toNanos();
			this.stalled = stalled;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until something that was sent arrives.
	 * @param sentAt when it was sent, in terms of {@link System#nanoTime()}
	 * @throws InterruptedException if interrupted while waiting
	 */
	void awaitArrival(long sentAt) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (true) {
				long remaining = sentAt + this.delayNanos - System.nanoTime();
				if (this.stalled) {
					this.changed.await();
				}
				else if (remaining > 0) {
					this.changed.await(remaining, TimeUnit.NANOSECONDS);
				}
				else {
					return;
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
