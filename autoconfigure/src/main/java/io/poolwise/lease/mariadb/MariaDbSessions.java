package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.poolwise.lease.ConnectFailures;
import io.poolwise.lease.JdbcSessions;

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

	// the connection is busy ending
	private static final List<Integer> KILLED = List.of(1317, 1927);

	private MariaDbSessions() {
	}

	static void query(Connection connection, String sql, JdbcSessions.RowReader reader) throws SQLException {
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
		return JdbcSessions.end(connection, (session) -> {
			try (Statement statement = session.createStatement()) {
				statement.execute("KILL CONNECTION_ID()");
			}
		}, (failure) -> isKilled(failure) || ConnectFailures.ended(failure));
	}

	private static boolean isKilled(Throwable failure) {
		return failure instanceof SQLException sql && KILLED.contains(sql.getErrorCode());
	}

}
