package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalInt;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.PostgresLimits;
import io.poolwise.budget.ServerIdentity;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * PostgreSQL 15 and later.
 */
final class PostgresDialect implements DatabaseDialect {

	// Limits bind the login role, so session_user. Readable by every role; the second
	// half of the identity is what an ordinary role may lack the right for.
	private static final String READ = """
			SELECT current_setting('server_version') AS version,
			  current_setting('max_connections')::int AS max_connections,
			  current_setting('superuser_reserved_connections')::int AS superuser_reserved,
			  current_setting('reserved_connections', true)::int AS reserved,
			  coalesce((SELECT pg_has_role(session_user, oid, 'USAGE') FROM pg_roles
			    WHERE rolname = 'pg_use_reserved_connections'), false) AS may_use_reserved,
			  (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS role_limit,
			  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database_limit,
			  (SELECT source IN ('default', 'configuration file', 'command line') FROM pg_settings
			    WHERE name = 'statement_timeout') AS timeout_is_default,
			  pg_is_in_recovery() AS standby,
			  pg_backend_pid() AS pid,
			  coalesce(host(inet_server_addr()), 'local') || ':' || coalesce(inet_server_port()::text, 'socket') AS address
			""";

	private static final String SYSTEM_IDENTIFIER = "SELECT system_identifier FROM pg_control_system()";

	// an ordinary role sees the kind of its own sessions only; the server's own processes
	// are in no database, but for those that work for a client
	private static final String SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL "
			+ "AND coalesce(backend_type, 'client backend') = 'client backend'";

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	@Override
	public DatabaseReading read(Connection session) throws SQLException {
		try (Statement statement = session.createStatement(); ResultSet row = statement.executeQuery(READ)) {
			row.next();
			boolean timeoutSet = !row.getBoolean("timeout_is_default");
			int serverPid = row.getInt("pid");
			Integer driverPid = driverPid(session);
			if (driverPid != null && driverPid != serverPid) {
				String evidence = "the driver was given session %d, the server says %d".formatted(driverPid, serverPid);
				return new DatabaseReading(this,
						new LimitReading.Pooled(new ServerIdentity("pooler of " + row.getString("address")), evidence),
						timeoutSet);
			}
			PostgresLimits limits = new PostgresLimits(row.getString("version"), row.getInt("max_connections"),
					row.getInt("superuser_reserved"), nullableInt(row, "reserved"), row.getBoolean("may_use_reserved"),
					row.getInt("role_limit"), row.getInt("database_limit"));
			String role = row.getBoolean("standby") ? "standby" : "primary";
			String address = row.getString("address");
			ServerIdentity identity = new ServerIdentity(
					"postgresql " + systemIdentifier(session) + " " + address + " " + role);
			return new DatabaseReading(this, new LimitReading.Granted(identity, limits.toLimit()), timeoutSet);
		}
	}

	@Override
	public OptionalInt countSessions(Connection session, int timeoutSeconds) throws SQLException {
		return DatabaseDialect.number(session, SESSIONS, 1, timeoutSeconds);
	}

	private static @Nullable Integer nullableInt(ResultSet row, String column) throws SQLException {
		int value = row.getInt(column);
		return row.wasNull() ? null : value;
	}

	private static String systemIdentifier(Connection session) throws SQLException {
		try (Statement statement = session.createStatement();
				ResultSet row = statement.executeQuery(SYSTEM_IDENTIFIER)) {
			row.next();
			return row.getString(1);
		}
		catch (SQLException ex) {
			if (INSUFFICIENT_PRIVILEGE.equals(ex.getSQLState())) {
				return "-";
			}
			throw ex;
		}
	}

	/**
	 * The session's number as the driver was told at the login. A pooler invents one.
	 */
	private static @Nullable Integer driverPid(Connection session) throws SQLException {
		try {
			return session.isWrapperFor(PGConnection.class) ? session.unwrap(PGConnection.class).getBackendPID() : null;
		}
		catch (LinkageError ex) {
			// another driver speaks to the server
			return null;
		}
	}

	@Override
	public String utcStatement() {
		return "SET TIME ZONE 'UTC'";
	}

	@Override
	public String commandTimeoutStatement(Duration timeout) {
		return "SET statement_timeout = " + timeout.toMillis();
	}

}
