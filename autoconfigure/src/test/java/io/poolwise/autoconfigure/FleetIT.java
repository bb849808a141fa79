package io.poolwise.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several instances at once against one server that is too small for what each would
 * take.
 */
class FleetIT {

	// 60 - 3 = 57, less 10 % = 51; 3 replicas and 1 surge: 12 each
	@Test
	void fourInstancesOfThreeReplicasAreNeverRefused() throws Exception {
		try (PostgresServer server = PostgresServer.builder().maxConnections(60).start();
				Sessions sessions = new Sessions(server);
				Load load = new Load()) {
			List<ConfigurableApplicationContext> instances = start(server, "spring.profiles.active=prod",
					"pool.replicas=3");
			instances.forEach((instance) -> {
				assertThat(instance.getBean(PoolGovernor.class).pools().get(0).target().max()).isEqualTo(12);
				load.on(instance.getBean(DataSource.class), 30, "SELECT pg_sleep(0.02)");
			});
			int highest = highest(sessions, Duration.ofSeconds(4));
			load.close();
			instances.forEach(ConfigurableApplicationContext::close);
			assertThat(load.failures()).isEmpty();
			assertThat(load.done()).isGreaterThan(500);
			assertThat(highest).isBetween(40, 51);
		}
	}

	@Test
	void stockSettingsOfFiftyEachAreRefused() throws Exception {
		try (PostgresServer server = PostgresServer.builder().maxConnections(60).start();
				Sessions sessions = new Sessions(server);
				Load load = new Load()) {
			List<ConfigurableApplicationContext> instances = start(server, "pool.enabled=false",
					"spring.datasource.hikari.maximum-pool-size=50", "spring.datasource.hikari.connection-timeout=500");
			instances.forEach((instance) -> load.on(instance.getBean(DataSource.class), 30, "SELECT pg_sleep(0.4)"));
			await().atMost(Duration.ofSeconds(40))
				.until(() -> load.failures().stream().anyMatch(FleetIT::isTooManyClients));
			assertThat(highest(sessions, Duration.ofMillis(200))).isGreaterThan(51);
			load.close();
			instances.forEach(ConfigurableApplicationContext::close);
		}
	}

	private static boolean isTooManyClients(SQLException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && "53300".equals(sql.getSQLState())) {
				return true;
			}
		}
		return false;
	}

	private static List<ConfigurableApplicationContext> start(PostgresServer server, String... properties) {
		List<ConfigurableApplicationContext> instances = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			instances.add(TestApplication.automatic()
				.with("spring.datasource.url=" + server.jdbcUrl() + "?ApplicationName=fleet-" + i,
						"spring.datasource.username=" + server.username(),
						"spring.datasource.password=" + server.password())
				.with(properties)
				.run());
		}
		return instances;
	}

	private static int highest(Sessions sessions, Duration time) throws SQLException {
		int highest = 0;
		for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end;) {
			highest = Math.max(highest, sessions.of("fleet-"));
		}
		return highest;
	}

}
