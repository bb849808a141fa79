package io.poolwise.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.hikari.ConnectionPermits;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.PressureSettings;
import io.poolwise.pool.hikari.SessionDefaults;

/**
 * A pool that is measured.
 */
public enum Contender {

	/** Plain HikariCP. */
	HIKARI("plain HikariCP") {

		@Override
		HikariDataSource start() {
			return new HikariDataSource(settings());
		}

	},

	/** The governed pool with nothing on. */
	NOTHING_ON("Poolwise, nothing on") {

		@Override
		HikariDataSource start() {
			return governed(PressureSettings.NONE);
		}

	},

	/** The governed pool as a service gets it. */
	DEFAULTS("Poolwise, as it comes (post-mortem)") {

		@Override
		HikariDataSource start() {
			return governed(new PressureSettings(0, true));
		}

	},

	/** The governed pool with all that its borrow path can have. */
	ALL_ON("Poolwise, post-mortem and max-pending") {

		@Override
		HikariDataSource start() {
			return governed(new PressureSettings(1000, true));
		}

	};

	/**
	 * Connections of each pool, as many as threads in the largest run.
	 */
	static final int SIZE = 64;

	private final String title;

	Contender(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	abstract HikariDataSource start();

	private static HikariConfig settings() {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl("jdbc:h2:mem:bench");
		settings.setMaximumPoolSize(SIZE);
		settings.setMinimumIdle(SIZE);
		return settings;
	}

	private static HikariDataSource governed(PressureSettings pressure) {
		return new GovernedHikariDataSource("bench", settings(), new PoolSize(SIZE, SIZE, 0), SessionDefaults.NONE,
				pressure, ConnectionPermits.UNLIMITED, Runnable::run);
	}

}
