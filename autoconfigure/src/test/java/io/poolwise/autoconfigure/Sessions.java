package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.poolwise.testservers.PostgresServer;

/**
 * The sessions of a PostgreSQL server, seen from a session of its own.
 */
final class Sessions implements AutoCloseable {

	private final Connection observer;

	Sessions(PostgresServer server) throws SQLException {
		this.observer = DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
	}

	/**
	 * How many sessions of applications there are whose name begins so.
	 */
	int of(String application) throws SQLException {
		return number("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '" + application + "%'");
	}

	int number(String sql) throws SQLException {
		try (Statement statement = this.observer.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getInt(1);
		}
	}

	String text(String sql) throws SQLException {
		try (Statement statement = this.observer.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getString(1);
		}
	}

	void execute(String sql) throws SQLException {
		try (Statement statement = this.observer.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		this.observer.close();
	}

}
