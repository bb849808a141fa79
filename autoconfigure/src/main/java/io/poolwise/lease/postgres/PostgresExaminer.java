package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.poolwise.lease.JdbcSessions;
import io.poolwise.lease.LedgerFitness;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Finds out over one session whether a server's advisory locks can be relied on, and
 * whether its role may do all that leases need.
 */
final class PostgresExaminer {

	private static final String VERSION = "SHOW server_version_num";

	private static final String FACTS = "SELECT pg_backend_pid(), " + PostgresSlotLedger.SERVER
			+ ", current_setting('max_connections')::bigint, current_setting('max_locks_per_transaction')::bigint, "
			+ "extract(epoch FROM current_setting('authentication_timeout')::interval)::bigint";

	// planned and never run: the server checks the rights to everything that stands in it
	private static final String RIGHTS = "EXPLAIN SELECT pg_try_advisory_lock(1, 1), pg_try_advisory_lock_shared(1, 1), "
			+ "pg_advisory_unlock(1, 1), pg_terminate_backend(pg_backend_pid()), set_config('application_name', '', false), "
			+ "pg_is_in_recovery(), pg_postmaster_start_time(), current_database(), "
			+ "(SELECT max(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid), "
			+ "(SELECT sum(numbackends) FROM pg_stat_database), (SELECT max(datname) FROM pg_database)";

	/** What one slot takes of the lock table: own, use, and the mark of its session. */
	private static final int LOCKS_A_SLOT = 3;

	private static final int OLDEST = 150000;

	private PostgresExaminer() {
	}

	static LedgerFitness examine(Connection session) throws SQLException {
		long[] version = new long[1];
		Script.run(session, VERSION, (row) -> version[0] = Long.parseLong(row.getString(1)));
		if (version[0] < OLDEST) {
			return LedgerFitness
				.unfit("PostgreSQL " + session.getMetaData().getDatabaseProductVersion() + " is older than 15");
		}
		if (!session.isWrapperFor(PGConnection.class)) {
			return LedgerFitness.unfit("the driver is not PostgreSQL's own");
		}
		try {
			long[] facts = new long[5];
			Script.run(session, FACTS, (row) -> {
				for (int i = 0; i < facts.length; i++) {
					facts[i] = row.getLong(i + 1);
				}
			});
			Script.run(session, RIGHTS);
			String objection = objection(session, facts);
			return (objection != null) ? LedgerFitness.unfit(objection)
					: LedgerFitness.fit(facts[1], Duration.ofSeconds(facts[4]));
		}
		catch (SQLException ex) {
			if (JdbcSessions.isForbidden(ex)) {
				return LedgerFitness.unfit("the role may not use what leases need: " + ex.getMessage());
			}
			throw ex;
		}
	}

	private static @Nullable String objection(Connection session, long[] facts) throws SQLException {
		if (session.unwrap(PGConnection.class).getBackendPID() != facts[0]) {
			return "a pooler stands before the server, and its sessions keep no locks";
		}
		long needed = LOCKS_A_SLOT * facts[2];
		long room = facts[3] * facts[2];
		return (needed > room / 2) ? "the server's lock table is too small: max_locks_per_transaction is " + facts[3]
				: null;
	}

}
