package io.poolwise.pool.hikari;

import io.poolwise.budget.LimitReading;

/**
 * What one session tells about its server.
 *
 * @param dialect the product's dialect
 * @param limit the limit that the server grants
 * @param commandTimeoutSet whether somebody gave the role, the database or the connection
 * a command timeout of its own, which a mere default must not overrule
 */
record DatabaseReading(DatabaseDialect dialect, LimitReading limit, boolean commandTimeoutSet) {

	boolean pooled() {
		return this.limit instanceof LimitReading.Pooled;
	}

}
