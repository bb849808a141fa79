package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import io.poolwise.lease.JdbcCoordinator;
import io.poolwise.lease.Grant;
import io.poolwise.lease.JdbcSessions;
import io.poolwise.lease.JdbcSlotLedger;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;
import io.poolwise.lease.SessionId;
import org.postgresql.util.PSQLException;

/**
 * Slots as advisory locks of a PostgreSQL server.
 * <p>
 * Advisory locks exclude each other within one database only, but everybody sees those of
 * all databases. So whoever takes one also looks for another holder elsewhere, after it
 * has it: of two that take it at once at least one sees the other, and one namespace
 * spans all databases of the server. Every session marks itself with a random number that
 * all roles can see, since process numbers are used again.
 * <p>
 * Safe for any thread.
 */
public final class PostgresSlotLedger extends JdbcSlotLedger {

	/** Changes with each start of the server. A promotion keeps sessions and locks. */
	static final String SERVER = "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint";

	// for coordinators alone: tcp_user_timeout also cuts a reader that pauses, and a
	// session in a network that drops everything for a few seconds; the role's timeouts
	// are for work, while a coordinator is idle between its looks and bounds them itself
	private static final String SETTINGS_OF_COORDINATORS = "SELECT set_config('tcp_keepalives_idle', '5', false), "
			+ "set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '3', false), "
			+ "set_config('tcp_user_timeout', '10000', false), "
			+ "set_config('client_connection_check_interval', '1000', false), "
			+ "set_config('idle_session_timeout', '0', false), set_config('statement_timeout', '0', false)";

	/**
	 * Frees the slot of a host that is gone within two minutes instead of two hours,
	 * where URL, role, database, server and kernel all left the keepalive of the session
	 * at Linux's defaults. Unix sockets report 0 for each.
	 */
	private static final String NOTICE_GONE_HOSTS = "SELECT CASE WHEN current_setting('tcp_keepalives_idle')::int >= 7200"
			+ " AND current_setting('tcp_keepalives_interval')::int >= 75"
			+ " AND current_setting('tcp_keepalives_count')::int >= 9"
			+ " THEN set_config('tcp_keepalives_idle', '60', false) || set_config('tcp_keepalives_interval', '10', false)"
			+ " || set_config('tcp_keepalives_count', '6', false) END,"
			+ " CASE WHEN current_setting('client_connection_check_interval') = '0'"
			+ " THEN set_config('client_connection_check_interval', '1000', false) END; ";

	// what the driver reports of its own accord: failed connections, I/O errors, bugs
	private static final List<String> STATES_OF_THE_DRIVER = List.of("08", "58", "99");

	// the driver's timeouts are whole seconds
	private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

	private final LockKeys keys;

	/**
	 * Creates a ledger.
	 * @param connector opens coordinator sessions
	 * @param namespace what the fleet calls itself; members of other namespaces are not
	 * seen
	 */
	public PostgresSlotLedger(SessionConnector<Connection, SQLException> connector, String namespace) {
		super(connector);
		this.keys = LockKeys.of(namespace);
	}

	@Override
	public LedgerFitness examine(Connection session) throws SQLException {
		return PostgresExaminer.examine(session);
	}

	/**
	 * All advisory locks are ours: nobody has used the session yet.
	 */
	@Override
	public boolean forgo(Connection connection, int slot) {
		try {
			Script.run(connection, "SELECT pg_advisory_unlock_all()");
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	@Override
	protected JdbcCoordinator begin(Connection connection, int seats) throws SQLException {
		return PostgresCoordinator.begin(connection, this.keys, seats);
	}

	@Override
	protected Fenced take(Connection connection, Grant grant) throws SQLException {
		int use = this.keys.use(grant.slot());
		int nonce = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
		SessionId owner = grant.coordinator();
		String slots = "classid = " + this.keys.slots() + " AND objid = ";
		String take = "SELECT pg_backend_pid(), " + SERVER + ", " + this.keys.take(use)
				+ ", pg_try_advisory_lock_shared(" + this.keys.nonces() + ", " + nonce + "); ";
		String look = this.keys.held("coalesce(bool_or(pid = " + owner.pid() + " AND " + slots + grant.slot()
				+ "), false), coalesce(bool_or(pid = " + owner.pid() + " AND classid = " + this.keys.nonces()
				+ " AND objid = " + owner.nonce() + "), false), coalesce(bool_or(pid <> pg_backend_pid() AND " + slots
				+ use + "), false)");
		long[] numbers = new long[2];
		boolean[] facts = new boolean[4];
		Script.run(connection, NOTICE_GONE_HOSTS + take + look, JdbcSessions.RowReader.NONE, (row) -> {
			numbers[0] = row.getLong(1);
			numbers[1] = row.getLong(2);
			facts[0] = row.getBoolean(3);
		}, (row) -> {
			facts[1] = row.getBoolean(1);
			facts[2] = row.getBoolean(2);
			facts[3] = row.getBoolean(3);
		});
		SessionId session = new SessionId(numbers[1], numbers[0], nonce);
		return new Fenced(session, facts[0] && !facts[3], facts[1] && facts[2] && session.server() == owner.server());
	}

	static void prepareCoordinator(Connection connection) throws SQLException {
		Script.run(connection, SETTINGS_OF_COORDINATORS);
	}

	@Override
	public boolean end(Connection connection) {
		return PostgresSessions.end(connection);
	}

	@Override
	protected boolean isRefusal(SQLException failure, Duration took) {
		return isAnswer(failure) || isNoneOfItsKind(failure, took);
	}

	/**
	 * Whether the server refused, for whatever reason: any error during the login is a
	 * FATAL one. After a statement of the driver's own that failed, the driver has closed
	 * the connection. A failure without the server's message is one that was replaced
	 * since it quoted a secret.
	 */
	private static boolean isAnswer(SQLException failure) {
		if (failure instanceof PSQLException answer && answer.getServerErrorMessage() != null) {
			return true;
		}
		String state = failure.getSQLState();
		return state != null && state.length() == 5 && failure.getCause() == null
				&& STATES_OF_THE_DRIVER.stream().noneMatch(state::startsWith);
	}

	/**
	 * Of several servers none was the primary, or whatever the URL asks for: those that
	 * answered were left in order, and hold nothing of ours. How the others failed the
	 * driver doesn't tell, so they may not have had the time to time out.
	 */
	private static boolean isNoneOfItsKind(SQLException failure, Duration took) {
		return "08001".equals(failure.getSQLState()) && failure.getCause() == null
				&& took.compareTo(SHORTEST_TIMEOUT) < 0;
	}

}
