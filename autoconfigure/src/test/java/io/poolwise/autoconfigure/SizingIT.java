package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sizes that profiles and fleets come to on real servers.
 */
class SizingIT {

	private static PostgresServer hundred;

	private static PostgresServer twoHundred;

	@BeforeAll
	static void start() {
		hundred = PostgresServer.builder().maxConnections(100).start();
		twoHundred = PostgresServer.builder().maxConnections(200).start();
	}

	@AfterAll
	static void stop() {
		hundred.close();
		twoHundred.close();
	}

	// 100 - 3 = 97, less 10 % = 87; 200 - 3 = 197, less 10 % = 177; the profile test
	// keeps no reserve. Peaks: dev and test have no surge, prod 25 %: 2, 4 and 13.
	@ParameterizedTest
	@CsvSource(textBlock = """
			dev,  100, 1,  5, 20
			dev,  100, 3,  5, 20
			dev,  100, 10, 5, 8
			dev,  200, 1,  5, 20
			dev,  200, 3,  5, 20
			dev,  200, 10, 5, 17
			prod, 100, 1,  10, 43
			prod, 100, 3,  10, 21
			prod, 100, 10, 6, 6
			prod, 200, 1,  10, 50
			prod, 200, 3,  10, 44
			prod, 200, 10, 10, 13
			test, 100, 1,  2, 5
			test, 100, 3,  2, 5
			test, 100, 10, 2, 5
			test, 200, 1,  2, 5
			test, 200, 3,  2, 5
			test, 200, 10, 2, 5
			""")
	void poolHasTheSizeThatItsBudgetAllots(String profile, int maxConnections, int replicas, int min, int max) {
		PostgresServer server = (maxConnections == 100) ? hundred : twoHundred;
		try (ConfigurableApplicationContext context = application(server, "--spring.profiles.active=" + profile,
				"--pool.replicas=" + replicas)) {
			PoolReport report = context.getBean(PoolGovernor.class).pools().get(0);
			assertThat(report.name()).isEqualTo("primary");
			assertThat(report.target().min()).isEqualTo(min);
			assertThat(report.target().max()).isEqualTo(max);
			JdbcClient client = context.getBean(JdbcClient.class);
			await().untilAsserted(() -> assertThat(sessions(client)).isEqualTo(min));
			IntStream.range(0, 2 * max)
				.parallel()
				.forEach((i) -> client.sql("SELECT pg_sleep(0.01)").query().listOfRows());
			assertThat(sessions(client)).isBetween((long) min, (long) max);
		}
	}

	// 87 for 4 instances are 21 each
	@Test
	void overflowComesAndGoesWithinTheAllotment() throws SQLException {
		try (Sessions sessions = new Sessions(hundred);
				ConfigurableApplicationContext context = application(hundred, "--spring.profiles.active=prod",
						"--pool.replicas=3", "--pool.database.max-size=15", "--pool.database.max-overflow=10")) {
			PoolReport report = context.getBean(PoolGovernor.class).pools().get(0);
			assertThat(report.target()).isEqualTo(new PoolSize(10, 15, 6));
			assertThat(report.reasons()).contains("max-overflow 10 cut to 6");
			List<Connection> held = new ArrayList<>();
			for (int i = 0; i < 21; i++) {
				held.add(context.getBean(DataSource.class).getConnection());
			}
			assertThat(sessions.of("sizing")).isEqualTo(21);
			for (Connection connection : held) {
				connection.close();
			}
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(sessions.of("sizing")).isEqualTo(15));
		}
	}

	private static long sessions(JdbcClient client) {
		return client.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sizing'")
			.query(Long.class)
			.single();
	}

	private static ConfigurableApplicationContext application(PostgresServer server, String... arguments) {
		SpringApplication application = new SpringApplicationBuilder(Application.class)
			.properties("spring.datasource.url=" + server.jdbcUrl() + "?ApplicationName=sizing",
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "spring.main.web-application-type=none",
					"spring.liquibase.enabled=false", "spring.flyway.enabled=false")
			.build();
		return application.run(arguments);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			excludeName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
					"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
					"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration" })
	static class Application {

	}

}
