package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An instance with several pools of which one is hot, alone on its server: stock, told
 * that it is alone, and with leases.
 */
@Timeout(300)
class HotPoolIT {

	private static final Logger logger = LoggerFactory.getLogger(HotPoolIT.class);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int CALLERS = 48;

	private static PostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().maxConnections(100).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void hotPoolOfSixDoesAtLeastAsMuchAsStock() throws Exception {
		Map<String, Integer> done = new LinkedHashMap<>();
		done.put("stock", statements("pool.enabled=false"));
		done.put("fixed", statements("pool.replicas=1", "pool.max-surge=0"));
		done.put("leases", statements("pool.leases.mode=on"));
		logger.info("one hot pool of six, statements of 0.5 s in 4 s: {}", done);
		assertThat(done.get("leases")).isGreaterThanOrEqualTo(done.get("stock"))
			.isGreaterThanOrEqualTo(done.get("fixed") * 9 / 10);
	}

	private static int statements(String... properties) throws Exception {
		try (ConfigurableApplicationContext context = run(SixPools.class, properties);
				Load load = new Load();
				Sessions sessions = new Sessions(server)) {
			for (DataSource pool : context.getBeansOfType(DataSource.class).values()) {
				pool.getConnection().close();
			}
			await().atMost(PATIENCE).until(() -> sessions.of("hot-idle") >= 5 * 5);
			load.on(context.getBean("hot", DataSource.class), CALLERS, "SELECT pg_sleep(0.5)");
			await().pollDelay(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> true);
			int done = load.done();
			logger.info("{}: {} statements over {} sessions, {} idle beside them", properties[0], done,
					sessions.of("hot-pool"), sessions.of("hot-idle"));
			load.close();
			assertThat(load.failures()).isEmpty();
			return done;
		}
	}

	@Test
	void hotPoolOfTwoGetsAllOfItsMaximum() throws Exception {
		try (ConfigurableApplicationContext context = run(TwoPools.class, "pool.leases.mode=on",
				"pool.database.min-size=5", "pool.database.max-size=20");
				Load load = new Load();
				Sessions sessions = new Sessions(server)) {
			load.on(context.getBean("hot", DataSource.class), CALLERS, "SELECT pg_sleep(0.1)");
			await().atMost(PATIENCE).until(() -> sessions.of("hot-pool") == 20);
			load.close();
			assertThat(load.failures()).isEmpty();
		}
	}

	/**
	 * What the first pool has above its minimum goes to the second when that is hot.
	 */
	@Test
	void idleConnectionsGoWhenAnotherPoolWaits() throws Exception {
		try (ConfigurableApplicationContext context = run(TwoPools.class, "pool.leases.mode=on",
				"pool.database.min-size=5", "pool.database.max-size=80"); Sessions sessions = new Sessions(server)) {
			List<Load> loads = new ArrayList<>();
			for (String name : new String[] { "hot", "idle1" }) {
				Load load = new Load();
				loads.add(load);
				load.on(context.getBean(name, DataSource.class), 70, "SELECT pg_sleep(0.05)");
				await().atMost(PATIENCE).until(() -> sessions.of(name.equals("hot") ? "hot-pool" : "hot-idle") >= 65);
				load.close();
			}
			for (Load load : loads) {
				assertThat(load.failures()).isEmpty();
			}
		}
	}

	private static ConfigurableApplicationContext run(Class<?> pools, String... properties) {
		return TestApplication.automatic(pools)
			.with("spring.profiles.active=prod", "pool.database.acquire-timeout=30s")
			.with(properties)
			.run();
	}

	private static HikariDataSource pool(String name) {
		HikariDataSource pool = DataSourceBuilder.create()
			.type(HikariDataSource.class)
			.url(server.jdbcUrl() + "?ApplicationName=" + name)
			.username(server.username())
			.password(server.password())
			.build();
		pool.setConnectionTimeout(30_000);
		return pool;
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		@Primary
		HikariDataSource hot() {
			return pool("hot-pool");
		}

		@Bean
		HikariDataSource idle1() {
			return pool("hot-idle");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SixPools extends TwoPools {

		@Bean
		HikariDataSource idle2() {
			return pool("hot-idle");
		}

		@Bean
		HikariDataSource idle3() {
			return pool("hot-idle");
		}

		@Bean
		HikariDataSource idle4() {
			return pool("hot-idle");
		}

		@Bean
		HikariDataSource idle5() {
			return pool("hot-idle");
		}

	}

}
