package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;

/**
 * What differs from one database product to the next.
 */
interface DatabaseDialect {

	/**
	 * Asks the server for its limit and for what it is.
	 * @param session a session of the role that the pool will use
	 * @return the answer
	 * @throws SQLException if the server refuses or the connection breaks
	 */
	DatabaseReading read(Connection session) throws SQLException;

	/**
	 * The statement that sets the session's time zone to UTC.
	 * @return the statement, {@code null} where it would do harm or is unknown
	 */
	@Nullable String utcStatement();

	/**
	 * The statement that bounds the time of each later statement of the session.
	 * @param timeout the bound, {@link Duration#ZERO} for none
	 * @return the statement, {@code null} where the server knows no such bound
	 */
	@Nullable String commandTimeoutStatement(Duration timeout);

	/**
	 * Counts the sessions that clients have on the server, those of all users and
	 * databases.
	 * @param session a session
	 * @param timeoutSeconds how long the server may take, at least 1
	 * @return the number, empty where it is unknown how to ask
	 * @throws SQLException if the server refuses or the connection breaks
	 */
	default OptionalInt countSessions(Connection session, int timeoutSeconds) throws SQLException {
		return OptionalInt.empty();
	}

	/**
	 * Runs a statement that answers with one number.
	 * @param session a session
	 * @param sql the statement
	 * @param column which column has the number, from 1
	 * @param timeoutSeconds how long the server may take, at least 1
	 * @return the number, empty if there is no row
	 * @throws SQLException if the server refuses or the connection breaks
	 */
	static OptionalInt number(Connection session, String sql, int column, int timeoutSeconds) throws SQLException {
		try (Statement statement = session.createStatement()) {
			statement.setQueryTimeout(timeoutSeconds);
			try (ResultSet row = statement.executeQuery(sql)) {
				return row.next() ? OptionalInt.of(row.getInt(column)) : OptionalInt.empty();
			}
		}
	}

	/**
	 * Chooses by what the server calls itself.
	 * @param session a session
	 * @return the dialect
	 * @throws SQLException if the product's name can't be read
	 */
	static DatabaseDialect of(Connection session) throws SQLException {
		String product = session.getMetaData().getDatabaseProductName();
		return switch (product.toLowerCase(Locale.ROOT)) {
			case "postgresql" -> new PostgresDialect();
			case "mariadb", "mysql" -> new MysqlDialect(product);
			default -> new OtherDialect(product);
		};
	}

}
