package io.poolwise.testservers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Integration tests for {@link MariaDbServer}.
 */
class MariaDbServerIT {

	private static final int TOO_MANY_CONNECTIONS = 1040;

	@Test
	void grantsAnOrdinaryUserExactlyMaxConnections() throws SQLException {
		try (MariaDbServer server = MariaDbServer.builder().maxConnections(15).start()) {
			try (Connection admin = connect(server)) {
				execute(admin, "CREATE USER app IDENTIFIED BY 'secret'");
				execute(admin, "GRANT SELECT ON test.* TO app");
				List<Connection> connections = new ArrayList<>();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
					while (true) {
						connections.add(DriverManager.getConnection(server.jdbcUrl(), "app", "secret"));
					}
				}).extracting(SQLException::getErrorCode).isEqualTo(TOO_MANY_CONNECTIONS);
				// 1 is the superuser's own
				assertThat(connections).hasSize(15 - 1);
				assertThat(query(admin, "SELECT count(*) FROM information_schema.processlist WHERE user = 'app'"))
					.isEqualTo("14");
				for (Connection connection : connections) {
					connection.close();
				}
			}
		}
	}

	@Test
	void refusesAWrongPassword() {
		try (MariaDbServer server = MariaDbServer.builder().start()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.username(), "wrong"))
				.withMessageContaining("Access denied");
		}
	}

	@Test
	void keepsPortAndDataOverStopKillAndRestart() throws SQLException {
		try (MariaDbServer server = MariaDbServer.builder().start()) {
			try (Connection connection = connect(server)) {
				execute(connection, "CREATE TABLE kept AS SELECT 42 AS answer");
			}
			server.stop();
			assertThat(server.isRunning()).isFalse();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server));
			server.restart();
			try (Connection connection = connect(server)) {
				execute(connection, "UPDATE kept SET answer = 43");
				server.kill();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(connection, "SELECT 1"));
			}
			server.restart();
			try (Connection connection = connect(server)) {
				assertThat(query(connection, "SELECT answer FROM kept")).isEqualTo("43");
			}
		}
	}

	@Test
	void tellsWhatTheServerSaysAboutABadSetting() {
		assertThatExceptionOfType(ServerStartException.class)
			.isThrownBy(() -> MariaDbServer.builder().setting("no_such_variable", "1").start())
			.withMessageContaining("unknown variable 'no_such_variable=1'");
	}

	private static Connection connect(MariaDbServer server) throws SQLException {
		return DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

}
