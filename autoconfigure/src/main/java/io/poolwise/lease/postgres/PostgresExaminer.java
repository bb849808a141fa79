package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.poolwise.lease.JdbcExaminer;
import io.poolwise.lease.JdbcSessions;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Finds out with two sessions whether a server's advisory locks can be relied on.
 */
final class PostgresExaminer extends JdbcExaminer {

	private static final String FACTS = """
			SELECT current_setting('server_version_num')::bigint,
			  current_setting('max_connections')::bigint, current_setting('max_locks_per_transaction')::bigint,
			  (SELECT setting::bigint FROM pg_settings WHERE name = 'authentication_timeout'),
			  current_setting('server_version')
			""";

	/** What one slot takes of the lock table: own, use, and the mark of its session. */
	private static final int LOCKS_A_SLOT = 3;

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private final LockKeys keys;

	PostgresExaminer(SessionConnector<Connection, SQLException> connector,
			SessionConnector<Connection, SQLException> pool, LockKeys keys) {
		super(connector, pool);
		this.keys = keys;
	}

	@Override
	protected LedgerFitness examine(Connection first, Connection second) throws SQLException {
		long[] facts = new long[4];
		String[] version = { "" };
		Script.run(first, FACTS, (row) -> {
			for (int i = 0; i < facts.length; i++) {
				facts[i] = row.getLong(i + 1);
			}
			version[0] = row.getString(5);
		});
		String objection = objection(first, facts, version[0]);
		objection = (objection == null) ? pooled(second) : objection;
		objection = (objection == null) ? tryLocks(first, second) : objection;
		return (objection != null) ? LedgerFitness.unfit(objection, isInUse(second))
				: LedgerFitness.fit(Duration.ofSeconds(facts[3]));
	}

	@Override
	protected LedgerFitness judge(SQLException failure) throws SQLException {
		if (!INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState())) {
			throw failure;
		}
		try (Connection session = poolSession()) {
			JdbcSessions.bound(session);
			return LedgerFitness.unfit("the role may not use what leases need: " + failure.getMessage(),
					isInUse(session));
		}
	}

	/** Whether somebody has a slot or a seat; everybody may see that. */
	private boolean isInUse(Connection session) throws SQLException {
		boolean[] used = new boolean[1];
		Script.run(session, this.keys.held("count(*) > 0") + " AND classid = " + this.keys.slots() + " AND objid < "
				+ this.keys.trial(0), (row) -> used[0] = row.getBoolean(1));
		return used[0];
	}

	private static @Nullable String objection(Connection session, long[] facts, String version) throws SQLException {
		if (facts[0] < 150000) {
			return "PostgreSQL " + version + " is older than 15";
		}
		if (!session.isWrapperFor(PGConnection.class)) {
			return "the driver is not PostgreSQL's own";
		}
		long needed = LOCKS_A_SLOT * facts[1];
		long room = facts[2] * facts[1];
		return (needed > room / 2) ? "the server's lock table is too small: max_locks_per_transaction is " + facts[2]
				: pooled(session);
	}

	private static @Nullable String pooled(Connection session) throws SQLException {
		int[] pid = new int[1];
		Script.run(session, "SELECT pg_backend_pid()", (row) -> pid[0] = row.getInt(1));
		return (session.unwrap(PGConnection.class).getBackendPID() != pid[0])
				? "a pooler stands before the server, and its sessions keep no locks" : null;
	}

	/**
	 * Advisory locks exclude within one database; those of other databases can be seen.
	 */
	private @Nullable String tryLocks(Connection first, Connection second) throws SQLException {
		int key = this.keys.trial(ThreadLocalRandom.current().nextInt());
		boolean[] facts = new boolean[3];
		String[] databases = { "", "" };
		String take = "SELECT " + this.keys.take(key) + ", current_database()";
		Script.run(first, take, (row) -> {
			facts[0] = row.getBoolean(1);
			databases[0] = row.getString(2);
		});
		Script.run(second,
				take + "; "
						+ this.keys.held("coalesce(bool_or(objid = " + key + " AND pid <> pg_backend_pid()), false)"),
				(row) -> {
					facts[1] = row.getBoolean(1);
					databases[1] = row.getString(2);
				}, (row) -> facts[2] = row.getBoolean(1));
		boolean excluded = !facts[1] || !databases[0].equals(databases[1]);
		return (facts[0] && facts[2] && excluded) ? null
				: "two sessions do not see each other's advisory locks, as on two servers or behind a pooler";
	}

}
