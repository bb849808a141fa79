package io.poolwise.pool;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts a pool's connects. Safe for any thread.
 */
public final class ConnectTally {

	private final LongAdder made = new LongAdder();

	private final LongAdder failed = new LongAdder();

	/**
	 * Notes that a connection was opened.
	 */
	public void made() {
		this.made.increment();
	}

	/**
	 * Notes that an attempt failed.
	 */
	public void failed() {
		this.failed.increment();
	}

	/**
	 * What was counted so far.
	 * @return the numbers
	 */
	public PoolConnects connects() {
		return new PoolConnects(this.made.sum(), this.failed.sum());
	}

}
