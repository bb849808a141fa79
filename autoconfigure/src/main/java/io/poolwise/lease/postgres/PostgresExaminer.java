package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.poolwise.lease.LedgerException;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Finds out with two sessions whether a server's advisory locks can be relied on.
 */
final class PostgresExaminer {

	private static final String FACTS = """
			SELECT current_setting('server_version_num')::int, pg_backend_pid(),
			  current_setting('max_connections')::bigint, current_setting('max_locks_per_transaction')::bigint,
			  (SELECT setting::bigint FROM pg_settings WHERE name = 'authentication_timeout'),
			  current_setting('server_version')
			""";

	/** What one slot takes of the lock table: own, use, and the mark of its session. */
	private static final int LOCKS_A_SLOT = 3;

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private final SessionConnector<Connection, SQLException> connector;

	private final LockKeys keys;

	PostgresExaminer(SessionConnector<Connection, SQLException> connector, LockKeys keys) {
		this.connector = connector;
		this.keys = keys;
	}

	LedgerFitness examine() throws LedgerException {
		try (Connection first = this.connector.connect(); Connection second = this.connector.connect()) {
			PostgresSessions.bound(first);
			PostgresSessions.bound(second);
			long[] facts = new long[5];
			String[] version = { "" };
			Script.run(first, FACTS, (row) -> {
				for (int i = 0; i < facts.length; i++) {
					facts[i] = row.getLong(i + 1);
				}
				version[0] = row.getString(6);
			});
			String objection = objection(first, facts, version[0]);
			if (objection == null) {
				objection = tryLocks(first, second);
			}
			return (objection != null) ? LedgerFitness.unfit(objection)
					: LedgerFitness.fit(Duration.ofSeconds(facts[4]));
		}
		catch (SQLException ex) {
			if (INSUFFICIENT_PRIVILEGE.equals(ex.getSQLState())) {
				return LedgerFitness.unfit("the role may not use what leases need: " + ex.getMessage());
			}
			throw new LedgerException("the server could not be examined: " + ex.getMessage(), false, ex);
		}
	}

	private static @Nullable String objection(Connection session, long[] facts, String version) throws SQLException {
		if (facts[0] < 150000) {
			return "PostgreSQL " + version + " is older than 15";
		}
		if (!session.isWrapperFor(PGConnection.class)) {
			return "the driver is not PostgreSQL's own";
		}
		if (session.unwrap(PGConnection.class).getBackendPID() != facts[1]) {
			return "a pooler stands before the server, and its sessions keep no locks";
		}
		long needed = LOCKS_A_SLOT * facts[2];
		long room = facts[3] * facts[2];
		return (needed > room / 2) ? "the server's lock table is too small: max_locks_per_transaction is " + facts[3]
				: null;
	}

	private @Nullable String tryLocks(Connection first, Connection second) throws SQLException {
		int key = this.keys.trial(ThreadLocalRandom.current().nextInt());
		boolean[] facts = new boolean[5];
		Script.run(first, "SELECT " + this.keys.take(key), (row) -> facts[0] = row.getBoolean(1));
		Script.run(second,
				"SELECT " + this.keys.take(key) + "; "
						+ this.keys.held("coalesce(bool_or(objid = " + key + " AND pid <> pg_backend_pid()), false)"),
				(row) -> facts[1] = row.getBoolean(1), (row) -> facts[2] = row.getBoolean(1));
		Script.run(first, "SELECT " + this.keys.giveBack(key), (row) -> facts[3] = row.getBoolean(1));
		Script.run(second, "SELECT " + this.keys.take(key), (row) -> facts[4] = row.getBoolean(1));
		boolean real = facts[0] && !facts[1] && facts[2] && facts[3] && facts[4];
		return real ? null : "two sessions of the server do not see each other's advisory locks";
	}

}
