package io.poolwise.autoconfigure;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several pools in one application, on one server and on another.
 */
class ManyPoolsIT {

	private static final Logger logger = LoggerFactory.getLogger(ManyPoolsIT.class);

	private static PostgresServer first;

	private static PostgresServer second;

	@BeforeAll
	static void start() {
		first = PostgresServer.builder().maxConnections(60).start();
		second = PostgresServer.builder().maxConnections(60).start();
	}

	@AfterAll
	static void stop() {
		first.close();
		second.close();
	}

	// 60 - 3 = 57, less 10 % = 51. Three pools of 50, 25 and 25: 25.5, 12.75 and 12.75,
	// so 25, 13 and 13, and the fourth has a server to itself
	@Test
	void poolsOfOneServerShareItsAllotmentByWeight() throws Exception {
		try (Sessions sessions = new Sessions(first);
				Load load = new Load();
				ConfigurableApplicationContext context = run(FourPools.class, "pool.database.max-size=25",
						"pool.database.pools.primary.max-size=50", "pool.database.pools.other.max-size=40")) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			Map<String, Integer> sizes = governor.pools()
				.stream()
				.collect(Collectors.toMap(PoolReport::name, (pool) -> pool.target().max()));
			assertThat(sizes).containsOnlyKeys("primary", "reports", "archive", "other");
			assertThat(sizes.get("primary") + sizes.get("reports") + sizes.get("archive")).isEqualTo(51);
			assertThat(sizes.get("primary")).isBetween(25, 26);
			assertThat(sizes.get("other")).isEqualTo(40);
			for (String name : new String[] { "orders", "reports", "archive", "other" }) {
				load.on(context.getBean(name, DataSource.class), 60, "SELECT pg_sleep(0.01)");
			}
			int highest = 0;
			for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); highest < 51
					&& System.nanoTime() < end;) {
				highest = Math.max(highest, sessions.of("many-"));
			}
			for (int i = 0; i < 200; i++) {
				highest = Math.max(highest, sessions.of("many-"));
			}
			load.close();
			logger.info(
					"three pools on one server: {} of a budget of 51, at most {} sessions, {} statements, {} failed",
					sizes, highest, load.done(), load.failures().size());
			assertThat(highest).isEqualTo(51);
			assertThat(load.failures()).isEmpty();
			governor.pools()
				.forEach((pool) -> assertThat(pool.actual().size()).as(pool.name())
					.isLessThanOrEqualTo(pool.target().ceiling()));
		}
	}

	@Test
	void aPoolThatStartedInItsConstructorIsListedAndSubtracted() {
		try (ConfigurableApplicationContext context = run(StartedPool.class)) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.ungoverned()).extracting(UngovernedPool::name).containsExactly("legacy");
			assertThat(governor.ungoverned()).extracting(UngovernedPool::connections).containsExactly(7);
			PoolReport primary = governor.pool("primary").orElseThrow();
			assertThat(primary.allotment()).isEqualTo(51 - 7);
			assertThat(primary.reasons()).anyMatch((reason) -> reason.contains("ungoverned"));
		}
	}

	@Test
	void lazyConnectionsAreGovernedTooAndNotCountedTwice() {
		try (ConfigurableApplicationContext context = run(new Class<?>[0], "spring.datasource.connection-fetch=lazy",
				"spring.datasource.url=" + first.jdbcUrl(), "spring.datasource.username=" + first.username(),
				"spring.datasource.password=" + first.password())) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.pools()).extracting(PoolReport::name).containsExactly("primary");
			assertThat(governor.ungoverned()).isEmpty();
		}
	}

	private static ConfigurableApplicationContext run(Class<?> configuration, String... properties) {
		return run(new Class<?>[] { configuration }, properties);
	}

	private static ConfigurableApplicationContext run(Class<?>[] configuration, String... properties) {
		return TestApplication.automatic(configuration)
			.with("first.url=" + first.jdbcUrl(), "second.url=" + second.jdbcUrl(), "pool.profile=dev",
					"pool.database.acquire-timeout=30s")
			.with(properties)
			.run();
	}

	private static HikariDataSource pool(String url, String name) {
		return DataSourceBuilder.create()
			.type(HikariDataSource.class)
			.url(url + "?ApplicationName=many-" + name)
			.username(first.username())
			.password(first.password())
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	static class FourPools {

		@Bean
		@Primary
		HikariDataSource orders(Environment environment) {
			return pool(environment.getRequiredProperty("first.url"), "orders");
		}

		@Bean
		DataSource reports(Environment environment) {
			return pool(environment.getRequiredProperty("first.url"), "reports");
		}

		@Bean
		HikariDataSource archive(Environment environment) {
			return pool(environment.getRequiredProperty("first.url"), "archive");
		}

		@Bean
		HikariDataSource other(Environment environment) {
			return pool(environment.getRequiredProperty("second.url"), "other");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StartedPool {

		@Bean
		@Primary
		HikariDataSource orders(Environment environment) {
			return pool(environment.getRequiredProperty("first.url"), "orders");
		}

		@Bean
		HikariDataSource legacy(Environment environment) {
			HikariConfig settings = new HikariConfig();
			settings.setJdbcUrl(environment.getRequiredProperty("first.url"));
			settings.setUsername(first.username());
			settings.setPassword(first.password());
			settings.setMaximumPoolSize(7);
			settings.setMinimumIdle(1);
			return new HikariDataSource(settings);
		}

	}

}
