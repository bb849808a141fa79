package io.poolwise.pool.hikari;

import org.jspecify.annotations.Nullable;

/**
 * What is watched of borrows and returns, for which borrowers pay: nothing at first. Safe
 * for any thread.
 */
final class BorrowWatch {

	private volatile boolean returns;

	private volatile int sites;

	private volatile @Nullable Thread unasking;

	private boolean borrowers;

	/**
	 * Whether the gate's listener hears of each return.
	 */
	void watchReturns(boolean watched) {
		this.returns = watched;
	}

	boolean watchesReturns() {
		return this.returns;
	}

	/**
	 * Names the thread that takes connections out of the pool without asking whether they
	 * are alive.
	 * @param thread the only such thread, {@code null} for none
	 */
	void takesUnasked(@Nullable Thread thread) {
		this.unasking = thread;
	}

	/**
	 * Returns whether the current thread takes connections without asking.
	 */
	boolean takesUnasked() {
		return this.unasking == Thread.currentThread();
	}

	/**
	 * From now on each borrower leaves its thread; to be called before the first borrow.
	 */
	void recordBorrowers() {
		this.borrowers = true;
	}

	boolean recordsBorrowers() {
		return this.borrowers;
	}

	/**
	 * Which borrowers leave where they are, too; it costs each some microseconds.
	 * @param every 1 for each one, n for every nth of each connection, 0 for none
	 */
	void recordSites(int every) {
		if (this.sites != every) {
			this.sites = every;
		}
	}

	/**
	 * Which borrowers leave where they are.
	 * @return 1 for each one, n for every nth of each connection, 0 for none
	 */
	int recordsSites() {
		return this.sites;
	}

}
