package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

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
