package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.poolwise.lease.LedgerFitness;

/**
 * Finds out over one session whether a server's user locks can be relied on.
 */
final class MariaDbExaminer {

	private static final String FACTS = "SELECT VERSION(), @@global.connect_timeout, " + MariaDbSessions.SERVER;

	private MariaDbExaminer() {
	}

	static LedgerFitness examine(Connection session) throws SQLException {
		String[] version = { "" };
		long[] facts = new long[2];
		MariaDbSessions.query(session, FACTS, (row) -> {
			version[0] = row.getString(1);
			facts[0] = row.getLong(2);
			facts[1] = row.getLong(3);
		});
		return version[0].contains("MariaDB") ? LedgerFitness.fit(facts[1], Duration.ofSeconds(facts[0]))
				: LedgerFitness.unfit("the server is MySQL " + version[0] + ", whose locks were never tried");
	}

}
