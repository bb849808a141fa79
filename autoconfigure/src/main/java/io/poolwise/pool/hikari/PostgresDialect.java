package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
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

	// Limits bind the login role, so session_user.
	private static final String MAY_USE_RESERVED = "coalesce((SELECT pg_has_role(session_user, oid, 'USAGE') "
			+ "FROM pg_roles WHERE rolname = 'pg_use_reserved_connections'), false)";

	private static final String ROLE_LIMIT = "(SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user)";

	private static final String DATABASE_LIMIT = "(SELECT datconnlimit FROM pg_database "
			+ "WHERE datname = current_database())";

	private static final String TIMEOUT_IS_DEFAULT = "(SELECT source IN ('default', 'configuration file', "
			+ "'command line') FROM pg_settings WHERE name = 'statement_timeout')";

	// what tells one server process from another that has the same data, whatever the
	// address: copies have the same identifier, and one process isn't both
	private static final String IDENTITY = "(SELECT system_identifier FROM pg_control_system()) || ' '"
			+ " || (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint";

	// every role may read all of this, unless somebody took the right away
	private static final String READ = "SELECT current_setting('server_version'), "
			+ "current_setting('max_connections'), current_setting('superuser_reserved_connections'), "
			+ "current_setting('reserved_connections', true), current_setting('port'), "
			+ "pg_is_in_recovery(), pg_backend_pid(), " + MAY_USE_RESERVED + ", " + ROLE_LIMIT + ", " + DATABASE_LIMIT
			+ ", " + TIMEOUT_IS_DEFAULT + ", " + IDENTITY;

	// the same one by one, each by what needs least rights
	private static final List<List<String>> ONE_BY_ONE = List.of(List.of("SHOW server_version"),
			List.of("SHOW max_connections"), List.of("SHOW superuser_reserved_connections"),
			List.of("SHOW reserved_connections"), List.of("SHOW port"), List.of("SHOW in_hot_standby"),
			List.of("SELECT pg_backend_pid()"), List.of("SELECT " + MAY_USE_RESERVED), List.of("SELECT " + ROLE_LIMIT),
			List.of("SELECT " + DATABASE_LIMIT), List.of("SELECT " + TIMEOUT_IS_DEFAULT, "SHOW statement_timeout"),
			List.of("SELECT " + IDENTITY, "SELECT '- ' || coalesce(host(inet_server_addr()), 'local')"));

	// an ordinary role sees the kind of its own sessions only; the server's own processes
	// are in no database, but for those that work for a client
	private static final String SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL "
			+ "AND coalesce(backend_type, 'client backend') = 'client backend'";

	// the connection is lost, or the server is stopping
	private static final List<String> BROKEN = List.of("08", "57P");

	@Override
	public DatabaseReading read(Connection session) throws SQLException {
		@Nullable String[] facts = facts(session);
		String place = ":" + text(facts[4], "?") + " " + (isTrue(facts[5]) ? "standby" : "primary");
		boolean timeoutSet = !isTrue(facts[10]) && !"0".equals(facts[10]);
		Integer driverPid = driverPid(session);
		if (driverPid != null && facts[6] != null && driverPid != Integer.parseInt(facts[6])) {
			String evidence = "the driver was given session %d, the server says %s".formatted(driverPid, facts[6]);
			return new DatabaseReading(this,
					new LimitReading.Pooled(new ServerIdentity("pooler of " + text(facts[11], "-") + place), evidence),
					timeoutSet);
		}
		PostgresLimits limits = new PostgresLimits(text(facts[0], "?"), Integer.parseInt(text(facts[1], "")),
				number(facts[2], 0), (facts[3] != null) ? Integer.valueOf(facts[3]) : null, isTrue(facts[7]),
				number(facts[8], -1), number(facts[9], -1));
		ServerIdentity identity = new ServerIdentity("postgresql " + text(facts[11], "-") + place);
		return new DatabaseReading(this, new LimitReading.Granted(identity, limits.toLimit()), timeoutSet);
	}

	private static @Nullable String[] facts(Connection session) throws SQLException {
		@Nullable String[] facts = new String[ONE_BY_ONE.size()];
		try (Statement statement = session.createStatement(); ResultSet row = statement.executeQuery(READ)) {
			row.next();
			for (int i = 0; i < facts.length; i++) {
				facts[i] = row.getString(i + 1);
			}
			return facts;
		}
		catch (SQLException ex) {
			goOnAfter(ex, session);
		}
		for (int i = 0; i < facts.length; i++) {
			facts[i] = first(session, ONE_BY_ONE.get(i));
		}
		return facts;
	}

	/**
	 * The first of several questions that the role may ask.
	 * @return the answer, {@code null} if it may ask none of them
	 */
	private static @Nullable String first(Connection session, List<String> questions) throws SQLException {
		for (String question : questions) {
			try (Statement statement = session.createStatement(); ResultSet row = statement.executeQuery(question)) {
				return row.next() ? row.getString(1) : null;
			}
			catch (SQLException ex) {
				goOnAfter(ex, session);
			}
		}
		return null;
	}

	private static void goOnAfter(SQLException failure, Connection session) throws SQLException {
		String state = String.valueOf(failure.getSQLState());
		if (BROKEN.stream().anyMatch(state::startsWith)) {
			throw failure;
		}
		if (!session.getAutoCommit()) {
			session.rollback();
		}
	}

	private static String text(@Nullable String fact, String unknown) {
		return (fact != null) ? fact : unknown;
	}

	private static int number(@Nullable String fact, int unknown) {
		return (fact != null) ? Integer.parseInt(fact) : unknown;
	}

	private static boolean isTrue(@Nullable String fact) {
		return "t".equals(fact) || "on".equals(fact) || "true".equals(fact);
	}

	@Override
	public OptionalInt countSessions(Connection session, int timeoutSeconds) throws SQLException {
		return DatabaseDialect.number(session, SESSIONS, 1, timeoutSeconds);
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
