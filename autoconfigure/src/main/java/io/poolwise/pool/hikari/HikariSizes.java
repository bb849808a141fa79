package io.poolwise.pool.hikari;

import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;

/**
 * Tells HikariCP its minimum and maximum, which may change in any direction. For one
 * thread at a time.
 */
final class HikariSizes {

	private static final long STOCK_IDLE_TIMEOUT_MILLIS = TimeUnit.MINUTES.toMillis(10);

	private final HikariDataSource pool;

	private final long idleTimeoutMillis;

	HikariSizes(HikariDataSource pool) {
		this.pool = pool;
		this.idleTimeoutMillis = pool.getIdleTimeout();
	}

	/**
	 * HikariCP accepts a minimum above the maximum and then keeps to neither, so the two
	 * are moved in the order that keeps them apart. An idle timeout makes no sense in a
	 * pool of one size, and HikariCP says so in a warning.
	 * @param min how many it keeps free, at least 0
	 * @param max how many it may open, at least 1
	 */
	void set(int min, int max) {
		if (min <= this.pool.getMaximumPoolSize()) {
			this.pool.setMinimumIdle(min);
			this.pool.setMaximumPoolSize(max);
		}
		else {
			this.pool.setMaximumPoolSize(max);
			this.pool.setMinimumIdle(min);
		}
		if (min < max) {
			this.pool.setIdleTimeout(this.idleTimeoutMillis);
		}
		else if (this.pool.getHikariPoolMXBean() == null) {
			this.pool.setIdleTimeout(STOCK_IDLE_TIMEOUT_MILLIS);
		}
	}

}
