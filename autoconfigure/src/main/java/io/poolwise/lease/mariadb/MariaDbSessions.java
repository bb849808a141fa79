package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.poolwise.lease.ConnectFailures;

/**
 * How sessions are asked, and how they end.
 */
final class MariaDbSessions {

	/**
	 * Changes with each start of the server, and with its role. Both times are those of
	 * the statement, so their difference is the start's, to the second and always the
	 * same.
	 */
	static final String SERVER = "((UNIX_TIMESTAMP() - (SELECT CAST(VARIABLE_VALUE AS SIGNED)"
			+ " FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME')) * 2 + @@global.read_only)";

	private static final int TIMEOUT_MILLIS = 10_000;

	// the connection is busy ending
	private static final List<Integer> KILLED = List.of(1317, 1927);

	private MariaDbSessions() {
	}

	static void bound(Connection connection) throws SQLException {
		connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
	}

	static void query(Connection connection, String sql, RowReader reader) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			while (row.next()) {
				reader.read(row);
			}
		}
	}

	/**
	 * Has the server end the session. It answers with an error, or with the end of the
	 * stream, when nothing of the session can run any more.
	 * @return whether the answer was seen
	 */
	static boolean end(Connection connection) {
		boolean seen = false;
		try (connection) {
			bound(connection);
			try (Statement statement = connection.createStatement()) {
				statement.execute("KILL CONNECTION_ID()");
			}
		}
		catch (SQLException ex) {
			for (Throwable each : ex) {
				boolean killed = each instanceof SQLException sql && KILLED.contains(sql.getErrorCode());
				seen |= killed || ConnectFailures.ended(each);
			}
		}
		return seen;
	}

	/**
	 * Takes one row in.
	 */
	@FunctionalInterface
	interface RowReader {

		void read(ResultSet row) throws SQLException;

	}

	/**
	 * Takes back the bound. A connection that can't say so is broken, and about to be
	 * closed.
	 */
	static void unbound(Connection connection, int before) {
		try {
			connection.setNetworkTimeout(Runnable::run, before);
		}
		catch (SQLException ex) {
			// it is broken
		}
	}

}
