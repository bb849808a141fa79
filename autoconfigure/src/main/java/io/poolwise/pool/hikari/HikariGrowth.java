package io.poolwise.pool.hikari;

import java.util.function.IntSupplier;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

/**
 * Has HikariCP open connections for callers that wait already, and for its minimum. Safe
 * for any thread.
 */
final class HikariGrowth {

	private final HikariDataSource pool;

	private final IntSupplier min;

	private final IntSupplier max;

	HikariGrowth(HikariDataSource pool, IntSupplier min, IntSupplier max) {
		this.pool = pool;
		this.min = min;
		this.max = max;
	}

	void grow() {
		if (this.pool.getHikariPoolMXBean() instanceof HikariPool running) {
			int wanted = wanted(running);
			for (int i = 0; i < wanted; i++) {
				running.addBagItem(wanted);
			}
		}
	}

	/**
	 * HikariCP's queue of connects to make is as long as its first maximum was, and what
	 * doesn't fit is dropped: so each connect that was made asks for the next.
	 */
	void growByOne() {
		if (this.pool.getHikariPoolMXBean() instanceof HikariPool running) {
			running.addBagItem(wanted(running));
		}
	}

	private int wanted(HikariPool running) {
		int missing = Math.max(running.getThreadsAwaitingConnection(), this.min.getAsInt())
				- running.getIdleConnections();
		return Math.min(missing, this.max.getAsInt() - running.getTotalConnections());
	}

}
