package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.time.Duration;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.ServerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A database that has no connection limit, or none that is known here.
 *
 * @param product what it calls itself
 */
record OtherDialect(String product) implements DatabaseDialect {

	@Override
	public DatabaseReading read(Connection session) {
		return new DatabaseReading(this, new LimitReading.Unlimited(new ServerIdentity(this.product), this.product),
				false);
	}

	@Override
	public @Nullable String utcStatement() {
		return null;
	}

	@Override
	public @Nullable String commandTimeoutStatement(Duration timeout) {
		return null;
	}

}
