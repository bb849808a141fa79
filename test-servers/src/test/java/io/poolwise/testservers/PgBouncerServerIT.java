package io.poolwise.testservers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Integration tests for {@link PgBouncerServer}.
 */
class PgBouncerServerIT {

	private static PostgresServer postgres;

	@BeforeAll
	static void start() throws SQLException {
		postgres = PostgresServer.builder().start();
		try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(),
				postgres.password()); Statement statement = connection.createStatement()) {
			statement.execute("CREATE ROLE app LOGIN PASSWORD 'secret'");
		}
	}

	@AfterAll
	static void stop() {
		postgres.close();
	}

	@Test
	void keepsOneServerConnectionPerClientInSessionMode() throws SQLException {
		try (PgBouncerServer pooler = PgBouncerServer.builder(postgres).start();
				Connection one = connect(pooler);
				Connection two = connect(pooler)) {
			String pid = "SELECT pg_backend_pid()";
			assertThat(query(one, pid)).isNotEqualTo(query(two, pid));
			assertThat(query(one, pid)).isNotEqualTo(Integer.toString(one.unwrap(PGConnection.class).getBackendPID()));
		}
	}

	@Test
	void sharesServerConnectionsInTransactionMode() throws SQLException {
		try (PgBouncerServer pooler = PgBouncerServer.builder(postgres).poolMode("transaction").poolSize(1).start();
				Connection one = connect(pooler);
				Connection two = connect(pooler)) {
			String pid = "SELECT pg_backend_pid()";
			assertThat(query(one, pid)).isEqualTo(query(two, pid));
		}
	}

	@Test
	void grantsExactlyMaxClients() throws SQLException {
		try (PgBouncerServer pooler = PgBouncerServer.builder(postgres).maxClients(6).start()) {
			List<Connection> connections = new ArrayList<>();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
				while (true) {
					connections.add(connect(pooler));
				}
			}).withMessageContaining("no more connections allowed");
			assertThat(connections).hasSize(6);
			for (Connection connection : connections) {
				connection.close();
			}
		}
	}

	@Test
	void refusesAWrongPassword() {
		try (PgBouncerServer pooler = PgBouncerServer.builder(postgres).start()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(pooler.jdbcUrl(), "app", "wrong"))
				.extracting(SQLException::getSQLState)
				.isEqualTo("08P01");
		}
	}

	@Test
	void comesBackOnTheSamePort() throws SQLException {
		try (PgBouncerServer pooler = PgBouncerServer.builder(postgres).start()) {
			pooler.kill();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(pooler));
			pooler.restart();
			connect(pooler).close();
		}
	}

	@Test
	void tellsWhatTheServerSaysAboutABadSetting() {
		assertThatExceptionOfType(ServerStartException.class)
			.isThrownBy(() -> PgBouncerServer.builder(postgres).poolMode("magic").start())
			.withMessageContaining("pool_mode");
	}

	private static Connection connect(PgBouncerServer pooler) throws SQLException {
		return DriverManager.getConnection(pooler.jdbcUrl(), "app", "secret");
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

}
