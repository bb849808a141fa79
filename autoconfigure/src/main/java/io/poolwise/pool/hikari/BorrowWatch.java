package io.poolwise.pool.hikari;

/**
 * What is watched of borrows and returns, for which borrowers pay: nothing at first. Safe
 * for any thread.
 */
final class BorrowWatch {

	private volatile boolean returns;

	private volatile int sites;

	private boolean borrowers;

	/**
	 * Whether the gate's listener hears of each return.
	 */
	void returns(boolean watched) {
		this.returns = watched;
	}

	boolean returns() {
		return this.returns;
	}

	/**
	 * From now on each borrower leaves its thread; to be called before the first borrow.
	 */
	void recordBorrowers() {
		this.borrowers = true;
	}

	boolean borrowers() {
		return this.borrowers;
	}

	/**
	 * Which borrowers leave where they are, too; it costs each some microseconds.
	 * @param every 1 for each one, n for every nth of each connection, 0 for none
	 */
	void sites(int every) {
		if (this.sites != every) {
			this.sites = every;
		}
	}

	/**
	 * Which borrowers leave where they are.
	 * @return 1 for each one, n for every nth of each connection, 0 for none
	 */
	int sites() {
		return this.sites;
	}

}
