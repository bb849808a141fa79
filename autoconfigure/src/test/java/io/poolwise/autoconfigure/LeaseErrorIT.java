package io.poolwise.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An {@link Error} in one statement costs neither a slot nor a session nor the
 * coordinator.
 */
@Timeout(300)
class LeaseErrorIT {

	private static final int SIZE = 12;

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private static final String COORDINATORS = "SELECT count(*) FROM pg_stat_activity"
			+ " WHERE application_name LIKE 'poolwise1 %'";

	private static PostgresServer server;

	private static Sessions sessions;

	private static ConfigurableApplicationContext instance;

	@BeforeAll
	static void start() throws SQLException {
		server = PostgresServer.builder().maxConnections(60).start();
		sessions = new Sessions(server);
		instance = TestApplication.automatic()
			.with("spring.profiles.active=prod", "pool.leases.mode=on", "pool.database.min-size=" + SIZE,
					"pool.database.max-size=" + SIZE, "spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(),
					"spring.datasource.driver-class-name=" + FaultyDriver.class.getName())
			.run();
	}

	@AfterAll
	static void stop() throws SQLException {
		instance.close();
		sessions.close();
		server.close();
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "fence, false, CASE WHEN current_setting('tcp_keepalives_idle')", "preparation, false, SET TIME ZONE",
			"login of the coordinator, true, set_config('tcp_user_timeout'",
			"announcement, true, set_config('application_name'", "snapshot, true, pg_locks", "count, true, WITH paying",
			"hint, true, NOTIFY" })
	void errorInAStatementCostsNothingThatLasts(String what, boolean ofCoordinator, String text) throws Exception {
		HikariDataSource pool = instance.getBean(HikariDataSource.class);
		awaitFull(pool);
		FaultyDriver.failAt(text, 3);
		try (Load load = new Load()) {
			load.on(pool, 2 * SIZE, "SELECT pg_sleep(0.02)");
			await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
				pool.getHikariPoolMXBean().softEvictConnections();
				if (ofCoordinator && FaultyDriver.left() > 0) {
					sessions.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
							+ " WHERE application_name LIKE 'poolwise1 %'");
				}
				return FaultyDriver.left() == 0;
			});
			FaultyDriver.failAt("", 0);
			awaitFull(pool);
			int before = load.done();
			await().atMost(PATIENCE).until(() -> load.done() > before + 10 * SIZE);
		}
		awaitFull(pool);
	}

	private static void awaitFull(HikariDataSource pool) {
		await().atMost(PATIENCE).until(() -> !share().degraded() && sessions.number(COORDINATORS) == 1);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(sessions.number("SELECT count(*) - 1 FROM pg_stat_activity"
					+ " WHERE backend_type = 'client backend' AND application_name NOT LIKE 'poolwise1 %'"))
				.as("sessions of the pool")
				.isEqualTo(SIZE)
				.isEqualTo(pool.getHikariPoolMXBean().getTotalConnections()));
	}

	private static LeaseShare share() {
		return instance.getBean(PoolGovernor.class).leases().get(0);
	}

}
