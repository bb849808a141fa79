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
	 * When the server started. Both times are those of the statement, so their difference
	 * is the start's, to the second and always the same.
	 */
	private static final String STARTED = "(UNIX_TIMESTAMP() - (SELECT CAST(VARIABLE_VALUE AS SIGNED)"
			+ " FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME'))";

	/** Tells servers apart that started in the same second. */
	static final String PLACE = "CRC32(CONCAT_WS(' ', @@hostname, @@port, @@datadir, @@socket,"
			+ " @@global.server_id))";

	/**
	 * Differs from one server to the next, and changes with each start of the server: 31
	 * bits of the start and 32 of the place. A change of the role keeps sessions and
	 * locks.
	 */
	static final String SERVER = "((" + STARTED + " % 2147483648) * 4294967296 + " + PLACE + ")";

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
