package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.poolwise.lease.JdbcExaminer;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;

/**
 * Finds out with two sessions whether a server's user locks can be relied on.
 */
final class MariaDbExaminer extends JdbcExaminer {

	private static final String FACTS = "SELECT VERSION(), @@global.connect_timeout";

	private final LockNames names;

	MariaDbExaminer(SessionConnector<Connection, SQLException> connector,
			SessionConnector<Connection, SQLException> pool, LockNames names) {
		super(connector, pool);
		this.names = names;
	}

	@Override
	protected LedgerFitness examine(Connection first, Connection second) throws SQLException {
		String[] version = { "" };
		long[] timeout = new long[1];
		MariaDbSessions.query(first, FACTS, (row) -> {
			version[0] = row.getString(1);
			timeout[0] = row.getLong(2);
		});
		if (!version[0].contains("MariaDB")) {
			return LedgerFitness.unfit("the server is MySQL " + version[0] + ", whose locks were never tried", false);
		}
		return tryLocks(first, second) ? LedgerFitness.fit(Duration.ofSeconds(timeout[0]))
				: LedgerFitness.unfit(
						"two sessions of the server do not see each other's user locks, as behind a proxy",
						Places.isAnyTaken(second, this.names));
	}

	private boolean tryLocks(Connection first, Connection second) throws SQLException {
		String name = this.names.trial(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
		String take = "SELECT CONNECTION_ID(), GET_LOCK(" + name + ", 0), IS_USED_LOCK(" + name + ")";
		long[] owner = new long[1];
		boolean[] facts = new boolean[4];
		MariaDbSessions.query(first, take, (row) -> {
			owner[0] = row.getLong(1);
			facts[0] = row.getInt(2) == 1;
		});
		MariaDbSessions.query(second, take, (row) -> {
			facts[1] = row.getInt(2) == 0;
			facts[2] = row.getLong(3) == owner[0];
		});
		MariaDbSessions.query(first, "SELECT RELEASE_LOCK(" + name + ")", (row) -> {
		});
		MariaDbSessions.query(second, take, (row) -> facts[3] = row.getInt(2) == 1);
		return facts[0] && facts[1] && facts[2] && facts[3];
	}

}
