package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.poolwise.lease.JdbcSessions;

/**
 * Several statements in one round trip.
 */
final class Script {

	private Script() {
	}

	/**
	 * Runs statements.
	 * @param connection where
	 * @param sql the statements, with semicolons between them
	 * @param readers one for each statement from the first on; the results of further
	 * statements are dropped
	 * @throws SQLException if one fails; those after it did not run
	 */
	static void run(Connection connection, String sql, JdbcSessions.RowReader... readers) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			boolean rows = statement.execute(sql);
			for (int i = 0; rows || statement.getUpdateCount() >= 0; i++) {
				if (rows && i < readers.length) {
					try (ResultSet result = statement.getResultSet()) {
						while (result.next()) {
							readers[i].read(result);
						}
					}
				}
				rows = statement.getMoreResults();
			}
		}
	}

}
