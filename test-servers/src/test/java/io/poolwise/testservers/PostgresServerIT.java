package io.poolwise.testservers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Integration tests for {@link PostgresServer}.
 */
class PostgresServerIT {

	private static final String TOO_MANY_CONNECTIONS = "53300";

	@ParameterizedTest
	@CsvSource({ "18, 5", "16, 5", "15, 0" })
	void grantsAnOrdinaryRoleExactlyWhatIsNotReserved(int version, int reserved) throws SQLException {
		PostgresServer.Builder builder = PostgresServer.builder().version(version).maxConnections(20);
		if (reserved > 0) {
			builder.setting("reserved_connections", Integer.toString(reserved));
		}
		try (PostgresServer server = builder.start(); Connection admin = connect(server)) {
			assertThat(query(admin, "SHOW server_version")).startsWith(version + ".");
			execute(admin, "CREATE ROLE app LOGIN PASSWORD 'secret'");
			List<Connection> connections = new ArrayList<>();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
				while (true) {
					connections.add(DriverManager.getConnection(server.jdbcUrl(), "app", "secret"));
				}
			}).extracting(SQLException::getSQLState).isEqualTo(TOO_MANY_CONNECTIONS);
			// 3 reserved for superusers, 1 is the superuser's own
			assertThat(connections).hasSize(20 - 3 - reserved - 1);
			assertThat(query(admin, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"))
				.isEqualTo(Integer.toString(connections.size()));
			for (Connection connection : connections) {
				connection.close();
			}
		}
	}

	@Test
	void refusesAWrongPassword() {
		try (PostgresServer server = PostgresServer.builder().start()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.username(), "wrong"))
				.extracting(SQLException::getSQLState)
				.isEqualTo("28P01");
		}
	}

	@Test
	void keepsPortAndDataOverStopKillAndRestart() throws SQLException {
		try (PostgresServer server = PostgresServer.builder().start()) {
			int port = server.port();
			try (Connection connection = connect(server)) {
				execute(connection, "CREATE TABLE kept AS SELECT 42 AS answer");
				server.stop();
				assertThat(server.isRunning()).isFalse();
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> query(connection, "SELECT answer FROM kept"));
			}
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server));
			server.restart();
			try (Connection connection = connect(server)) {
				server.kill();
				assertThat(server.isRunning()).isFalse();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(connection, "SELECT 1"));
			}
			server.restart();
			server.restart();
			assertThat(server.port()).isEqualTo(port);
			try (Connection connection = connect(server)) {
				assertThat(query(connection, "SELECT answer FROM kept")).isEqualTo("42");
			}
		}
	}

	@Test
	void tellsWhatTheServerSaysAboutABadSetting() {
		long start = System.nanoTime();
		assertThatExceptionOfType(ServerStartException.class)
			.isThrownBy(() -> PostgresServer.builder().setting("max_connections", "many").start())
			.withMessageContaining("invalid value for parameter \"max_connections\": \"many\"");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
	}

	@Test
	void namesAVersionThatIsNotThere() {
		assertThatExceptionOfType(ServerMissingException.class)
			.isThrownBy(() -> PostgresServer.builder().version(9).start())
			.withMessageContaining("PostgreSQL 9")
			.withMessageContaining("./verify");
	}

	@Test
	void leavesNothingBehindWhenClosed() {
		PostgresServer server = PostgresServer.builder().start();
		server.close();
		assertThat(server.isRunning()).isFalse();
		assertThat(server.log().getParent()).doesNotExist();
		assertThat(LoopbackPorts.isFree(server.port())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 18, 15 })
	void streamsToAStandbyThatCanTakeOver(int version) throws SQLException {
		try (PostgresServer primary = PostgresServer.builder().version(version).maxConnections(25).start();
				Connection writer = connect(primary)) {
			execute(writer, "CREATE TABLE before AS SELECT 1 AS answer");
			try (PostgresServer standby = primary.startStandby()) {
				try (Connection reader = connect(standby)) {
					assertThat(query(reader, "SELECT pg_is_in_recovery()")).isEqualTo("t");
					assertThat(query(reader, "SHOW max_connections")).isEqualTo("25");
					assertThat(query(reader, "SELECT answer FROM before")).isEqualTo("1");
					execute(writer, "CREATE TABLE later AS SELECT 2 AS answer");
					await().atMost(Duration.ofSeconds(20))
						.until(() -> query(reader, "SELECT to_regclass('later') IS NOT NULL").equals("t"));
					String identity = "SELECT system_identifier FROM pg_control_system()";
					assertThat(query(reader, identity)).isEqualTo(query(writer, identity));
				}
				standby.restart();
				execute(writer, "INSERT INTO later VALUES (3)");
				try (Connection reader = connect(standby)) {
					await().atMost(Duration.ofSeconds(20))
						.until(() -> query(reader, "SELECT count(*) FROM later").equals("2"));
				}
				primary.kill();
				standby.promote();
				try (Connection newWriter = connect(standby)) {
					execute(newWriter, "INSERT INTO later VALUES (4)");
					assertThat(query(newWriter, "SELECT count(*) FROM later")).isEqualTo("3");
				}
			}
		}
	}

	@Test
	void promotesOnlyAStandby() {
		try (PostgresServer server = PostgresServer.builder().start()) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(server::promote)
				.withMessageContaining("recovery is not in progress");
		}
	}

	@Test
	void startsSeveralAtOnce() throws SQLException {
		try (PostgresServer first = PostgresServer.builder().start();
				PostgresServer second = PostgresServer.builder().start();
				Connection one = connect(first);
				Connection two = connect(second)) {
			String identity = "SELECT system_identifier FROM pg_control_system()";
			assertThat(query(one, identity)).isNotEqualTo(query(two, identity));
		}
	}

	private static Connection connect(PostgresServer server) throws SQLException {
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
