package io.poolwise.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.poolwise.testservers.MariaDbServer;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.ProcessServer;
import io.poolwise.testservers.TcpProxy;

/**
 * The server that a fleet runs on, and the truth about its sessions.
 */
final class LeaseGround implements AutoCloseable {

	static final int INSTANCES = 24;

	private final boolean postgres;

	private final ProcessServer server;

	private Connection observer;

	private LeaseGround(boolean postgres, ProcessServer server) {
		this.postgres = postgres;
		this.server = server;
	}

	/**
	 * PostgreSQL with 100 connections: 97 for ordinary roles, a budget of 87, 85 slots.
	 */
	static LeaseGround postgres() throws SQLException {
		return new LeaseGround(true, PostgresServer.builder().maxConnections(100).start()).prepare();
	}

	/** MariaDB with 100 connections: a budget of 90, 88 slots. */
	static LeaseGround mariaDb() throws SQLException {
		return new LeaseGround(false, MariaDbServer.builder().maxConnections(100).start()).prepare();
	}

	private LeaseGround prepare() throws SQLException {
		observe();
		for (int i = 0; i < INSTANCES; i++) {
			execute(this.postgres ? "CREATE ROLE app" + i + " LOGIN PASSWORD 'app'"
					: "CREATE USER app" + i + " IDENTIFIED BY 'app'");
			if (!this.postgres) {
				execute("GRANT ALL ON test.* TO app" + i);
			}
		}
		return this;
	}

	private void observe() throws SQLException {
		String user = this.postgres ? "postgres" : "root";
		this.observer = DriverManager.getConnection(url(this.server.port()), user, user);
	}

	private String url(int port) {
		return this.postgres ? "jdbc:postgresql://127.0.0.1:" + port + "/postgres"
				: "jdbc:mariadb://127.0.0.1:" + port + "/test";
	}

	String product() {
		return this.postgres ? "PostgreSQL" : "MariaDB";
	}

	int budget() {
		return this.postgres ? 87 : 90;
	}

	int limit() {
		return this.postgres ? 97 : 100;
	}

	int slots() {
		return budget() - 2;
	}

	String sleep(double seconds) {
		return this.postgres ? "SELECT pg_sleep(" + seconds + ")" : "SELECT SLEEP(" + seconds + ")";
	}

	TcpProxy proxy() {
		return TcpProxy.before(this.server);
	}

	void restart() throws SQLException {
		this.observer.close();
		this.server.kill();
		this.server.restart();
		observe();
	}

	/** The properties of one instance, which has a role of its own. */
	List<String> properties(int number, int port) {
		return List.of("spring.profiles.active=prod", "pool.leases.mode=on",
				"spring.datasource.url=" + url((port > 0) ? port : this.server.port()),
				"spring.datasource.username=app" + number, "spring.datasource.password=app");
	}

	/** Open sessions by role, those of the observer left out. */
	Map<String, Integer> sessions() throws SQLException {
		String sql = this.postgres
				? "SELECT coalesce(usename, '?'), count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
						+ " AND pid <> pg_backend_pid() GROUP BY 1"
				: "SELECT USER, COUNT(*) FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()"
						+ " AND COMMAND <> 'Daemon' GROUP BY 1";
		Map<String, Integer> sessions = new HashMap<>();
		try (Statement statement = this.observer.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			while (row.next()) {
				sessions.put(row.getString(1), row.getInt(2));
			}
		}
		return sessions;
	}

	/** Connects that the server refused because it was full. */
	long refused() throws SQLException, IOException {
		if (!this.postgres) {
			return number("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
					+ " WHERE VARIABLE_NAME = 'CONNECTION_ERRORS_MAX_CONNECTIONS'");
		}
		try (var lines = Files.lines(this.server.log())) {
			return lines
				.filter((line) -> line.contains("too many clients") || line.contains("remaining connection slots"))
				.count();
		}
	}

	long number(String sql) throws SQLException {
		try (Statement statement = this.observer.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getLong(1);
		}
	}

	void execute(String sql) throws SQLException {
		try (Statement statement = this.observer.createStatement()) {
			statement.execute(sql);
		}
	}

	/** Has the server end all coordinators, or all other sessions of instances. */
	void terminate(boolean coordinators) throws SQLException {
		if (this.postgres) {
			execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
					+ " AND usename LIKE 'app%' AND application_name " + (coordinators ? "" : "NOT ")
					+ "LIKE 'poolwise1 %'");
			return;
		}
		String at = "IS_USED_LOCK(CONCAT('poolwise:poolwise:at:', seq))";
		String sql = "SELECT ID FROM information_schema.PROCESSLIST WHERE USER LIKE 'app%' AND ID "
				+ (coordinators ? "" : "NOT ") + "IN (SELECT " + at + " FROM seq_1_to_50 WHERE " + at + " IS NOT NULL)";
		try (Statement statement = this.observer.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			while (row.next()) {
				try {
					execute("KILL " + row.getLong(1));
				}
				catch (SQLException ex) {
					// 1094: it was gone already
					if (ex.getErrorCode() != 1094) {
						throw ex;
					}
				}
			}
		}
	}

	@Override
	public void close() throws SQLException {
		this.observer.close();
		this.server.close();
	}

}
