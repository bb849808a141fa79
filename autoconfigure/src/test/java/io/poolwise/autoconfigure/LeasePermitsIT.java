package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Slots come back from whatever becomes of the connections that they paid for: each round
 * needs all that there are.
 */
@Timeout(180)
class LeasePermitsIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	// a budget of 10 - 1, less 2 seats and the slot of the coordinator
	private static final int ALL = 6;

	private static PostgresServer server;

	private ConfigurableApplicationContext context;

	private DataSource pool;

	private Sessions sessions;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.builder().maxConnections(40).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@BeforeEach
	void startApplication() throws SQLException {
		this.sessions = new Sessions(server);
		this.context = TestApplication.automatic()
			.with("spring.profiles.active=prod", "pool.leases.mode=on",
					"spring.datasource.url=" + server.jdbcUrl() + "?ApplicationName=permits",
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "pool.database.budget.limit=10",
					"pool.database.min-size=0", "pool.database.max-size=20", "pool.database.acquire-timeout=40s")
			.run();
		this.pool = this.context.getBean(DataSource.class);
	}

	@AfterEach
	void stopApplication() throws SQLException {
		this.context.close();
		this.sessions.close();
	}

	@Test
	void sessionsThatTheServerEndedGiveTheirSlotsBack() throws SQLException {
		for (int round = 0; round < 3; round++) {
			List<Connection> all = borrowAll();
			this.sessions
				.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'permits'");
			for (Connection connection : all) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute(connection));
				connection.close();
			}
			await().atMost(PATIENCE).until(() -> this.sessions.of("permits") == 0);
		}
	}

	@Test
	void connectionsThatWereEvictedGiveTheirSlotsBack() throws SQLException {
		for (int round = 0; round < 3; round++) {
			for (Connection connection : borrowAll()) {
				this.pool.unwrap(HikariDataSource.class).evictConnection(connection);
			}
			await().atMost(PATIENCE).until(() -> this.sessions.of("permits") == 0);
		}
	}

	private List<Connection> borrowAll() throws SQLException {
		List<Connection> all = new ArrayList<>();
		for (int i = 0; i < ALL; i++) {
			all.add(this.pool.getConnection());
			execute(all.get(i));
		}
		assertThat(this.sessions.of("permits")).isEqualTo(ALL);
		return all;
	}

	private static void execute(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
	}

}
