package io.poolwise.pool.hikari;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalInt;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.MysqlLimits;
import io.poolwise.budget.ServerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB, and MySQL where the two agree. MySQL bounds the time of {@code SELECT} only.
 *
 * @param product {@code MariaDB} or {@code MySQL}, as the driver says
 */
record MysqlDialect(String product) implements DatabaseDialect {

	private static final String READ = "SELECT @@version AS version, @@global.max_connections AS max_connections, "
			+ "@@session.max_user_connections AS max_user_connections, @@hostname AS host, @@port AS port, ";

	@Override
	public DatabaseReading read(Connection session) throws SQLException {
		String timeout = mariaDb() ? "max_statement_time" : "max_execution_time";
		try (Statement statement = session.createStatement();
				ResultSet row = statement.executeQuery(READ + "@@session." + timeout + " AS timeout")) {
			row.next();
			MysqlLimits limits = new MysqlLimits(this.product, row.getString("version"), row.getLong("max_connections"),
					row.getLong("max_user_connections"));
			ServerIdentity identity = new ServerIdentity(
					this.product + " " + row.getString("host") + ":" + row.getInt("port"));
			boolean timeoutSet = row.getBigDecimal("timeout").signum() != 0;
			return new DatabaseReading(this, new LimitReading.Granted(identity, limits.toLimit()), timeoutSet);
		}
	}

	@Override
	public OptionalInt countSessions(Connection session, int timeoutSeconds) throws SQLException {
		return DatabaseDialect.number(session, "SHOW STATUS LIKE 'Threads_connected'", 2, timeoutSeconds);
	}

	private boolean mariaDb() {
		return "MariaDB".equalsIgnoreCase(this.product);
	}

	/**
	 * None: bare SQL would shift the TIMESTAMPs that the driver converts. The driver's
	 * own settings do it.
	 */
	@Override
	public @Nullable String utcStatement() {
		return null;
	}

	@Override
	public String commandTimeoutStatement(Duration timeout) {
		return mariaDb()
				? "SET SESSION max_statement_time = " + BigDecimal.valueOf(timeout.toMillis(), 3).toPlainString()
				: "SET SESSION max_execution_time = " + timeout.toMillis();
	}

}
