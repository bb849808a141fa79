package io.poolwise.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import io.poolwise.governor.FleetMode;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Migrations that take longer than a command may.
 */
class MigrationIT {

	private static PostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "flyway", "liquibase" })
	void aMigrationMayTakeLongerThanACommand(String tool) {
		String other = tool.equals("flyway") ? "liquibase" : "flyway";
		try (ConfigurableApplicationContext context = run("spring." + other + ".enabled=false")) {
			JdbcClient client = JdbcClient.create(context.getBean(DataSource.class));
			assertThat(client.sql("SELECT count(*) FROM slow_" + tool).query(Integer.class).single()).isOne();
			assertThat(client.sql("SHOW statement_timeout").query(String.class).single()).isEqualTo("500ms");
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> client.sql("SELECT pg_sleep(2)").query().listOfRows())
				.withMessageContaining("statement timeout");
		}
	}

	// 100 - 3 = 97, less 10 % = 87: what the other tests of the size come to
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			flyway    | url  | 85
			flyway    | user | 85
			liquibase | url  | 86
			liquibase | user | 86
			""")
	void aMigrationWithConnectionsOfItsOwnIsListedAndSubtracted(String tool, String how, int left) {
		String other = tool.equals("flyway") ? "liquibase" : "flyway";
		String url = how.equals("url") ? "spring." + tool + ".url=" + server.jdbcUrl() : "pool.replicas=1";
		try (ConfigurableApplicationContext context = run("spring." + other + ".enabled=false", "pool.profile=dev", url,
				"spring." + tool + ".user=" + server.username(), "spring." + tool + ".password=" + server.password())) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.ungoverned()).singleElement().satisfies((pool) -> {
				assertThat(pool.name()).isEqualTo(tool);
				assertThat(pool.why()).isEqualTo("migrations have connections of their own");
				assertThat(pool.server()).isNotNull();
			});
			assertThat(governor.pool("primary").orElseThrow().allotment()).isEqualTo(left);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flyway", "liquibase" })
	void aMigrationWithAUserOfItsOwnKeepsNobodyFromLeasing(String tool) throws Exception {
		String other = tool.equals("flyway") ? "liquibase" : "flyway";
		for (String mode : List.of("auto", "on")) {
			try (ConfigurableApplicationContext context = run("spring." + other + ".enabled=false", "pool.profile=prod",
					"pool.leases.mode=" + mode, "spring." + tool + ".user=" + server.username(),
					"spring." + tool + ".password=" + server.password())) {
				context.getBean(DataSource.class).getConnection().close();
				assertThat(context.getBean(PoolGovernor.class).fleet().mode()).isEqualTo(FleetMode.LEASES);
				assertThat(context.getBean(PoolGovernor.class).ungoverned()).hasSize(1);
			}
		}
	}

	@Test
	void aMigrationOverThePoolIsNotCountedTwice() {
		try (ConfigurableApplicationContext context = run()) {
			assertThat(context.getBean(PoolGovernor.class).ungoverned()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flyway", "liquibase" })
	void aMigrationNeverReachesAReadReplica(String tool) {
		String other = tool.equals("flyway") ? "liquibase" : "flyway";
		// nobody listens there
		try (ConfigurableApplicationContext context = run("spring." + other + ".enabled=false",
				"pool.database.read-replica.url=jdbc:postgresql://127.0.0.1:1/orders")) {
			JdbcClient client = JdbcClient.create(context.getBean(DataSource.class));
			assertThat(client.sql("SELECT count(*) FROM slow_" + tool).query(Integer.class).single()).isOne();
			assertThat(context.getBean(PoolGovernor.class).pool("read-replica")).isPresent();
		}
	}

	@Test
	void withoutTheStarterNoCommandIsBounded() {
		try (ConfigurableApplicationContext context = run("pool.enabled=false", "spring.flyway.enabled=false",
				"spring.liquibase.enabled=false")) {
			JdbcClient client = JdbcClient.create(context.getBean(DataSource.class));
			assertThat(client.sql("SHOW statement_timeout").query(String.class).single()).isEqualTo("0");
		}
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "pool.database.command-timeout=500ms",
					"spring.flyway.locations=classpath:migrations/flyway", "spring.flyway.baseline-on-migrate=true",
					"spring.flyway.baseline-version=0",
					"spring.liquibase.change-log=classpath:migrations/liquibase.yaml")
			.properties(properties)
			.run();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			excludeName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
					"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
					"org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration",
					"org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration",
					"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration" })
	static class Application {

	}

}
