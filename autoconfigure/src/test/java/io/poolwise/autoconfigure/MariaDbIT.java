package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Pools on a real MariaDB.
 */
class MariaDbIT {

	private static MariaDbServer server;

	@BeforeAll
	static void start() {
		server = MariaDbServer.builder().maxConnections(100).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	// 100 less 10 % = 90; 3 replicas and 1 surge: 22
	@Test
	void limitOfTheServerIsDivided() throws Exception {
		try (Load load = new Load(); ConfigurableApplicationContext context = run("pool.replicas=3")) {
			PoolReport report = context.getBean(PoolGovernor.class).pools().get(0);
			assertThat(report.target().max()).isEqualTo(22);
			assertThat(report.reasons()).anyMatch((reason) -> reason.startsWith("MariaDB"));
			load.on(context.getBean(DataSource.class), 60, "SELECT SLEEP(0.01)");
			JdbcClient client = JdbcClient.create(context.getBean(DataSource.class));
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(processes(client)).isEqualTo(22));
			load.close();
			assertThat(load.failures()).isEmpty();
		}
	}

	private static int processes(JdbcClient client) {
		return client.sql("SELECT count(*) FROM information_schema.processlist WHERE command <> 'Daemon'")
			.query(Integer.class)
			.single();
	}

	@Test
	void clientsOfTheServerAreCounted() throws Exception {
		try (ConfigurableApplicationContext context = run("pool.replicas=1");
				Connection other = DriverManager.getConnection(server.jdbcUrl(), server.username(),
						server.password())) {
			GovernedHikariDataSource pool = context.getBean(GovernedHikariDataSource.class);
			pool.getConnection().close();
			await().atMost(Duration.ofSeconds(20))
				.until(() -> pool.managedPool().serverConnections(Duration.ofSeconds(5)).orElse(0) >= 2);
			assertThat(other.isValid(5)).isTrue();
		}
	}

	@Test
	void limitOfTheAccountIsHonoured() throws Exception {
		try (Connection admin = DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
				Statement statement = admin.createStatement()) {
			statement.execute("CREATE USER few@'%' IDENTIFIED BY 'few' WITH MAX_USER_CONNECTIONS 20");
			statement.execute("GRANT ALL ON *.* TO few@'%'");
		}
		try (ConfigurableApplicationContext context = runAs("few", "few", server.jdbcUrl(), "pool.replicas=1",
				"pool.max-surge=0")) {
			assertThat(context.getBean(PoolGovernor.class).pools().get(0).target().max()).isEqualTo(18);
		}
	}

	@Test
	void sessionsAreInUtcAndCommandsBounded() {
		try (ConfigurableApplicationContext context = run("pool.replicas=1", "pool.database.command-timeout=1s")) {
			JdbcClient client = JdbcClient.create(context.getBean(DataSource.class));
			assertThat(client.sql("SELECT @@session.time_zone").query(String.class).single()).isIn("UTC", "+00:00");
			assertThat(client.sql("SELECT @@session.max_statement_time").query(Double.class).single()).isEqualTo(1.0);
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(
					() -> client.sql("SELECT count(*) FROM seq_1_to_100000 a, seq_1_to_100000 b").query().listOfRows());
		}
	}

	@Test
	void aTimeZoneOfTheUsersOwnIsKept() {
		try (ConfigurableApplicationContext context = runAs(server.username(), server.password(),
				server.jdbcUrl() + "?sessionVariables=time_zone='+02:00'", "pool.replicas=1")) {
			JdbcClient client = JdbcClient.create(context.getBean(DataSource.class));
			assertThat(client.sql("SELECT @@session.time_zone").query(String.class).single()).isEqualTo("+02:00");
		}
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return runAs(server.username(), server.password(), server.jdbcUrl(), properties);
	}

	private static ConfigurableApplicationContext runAs(String username, String password, String url,
			String... properties) {
		return TestApplication.automatic()
			.with("spring.datasource.url=" + url, "spring.datasource.username=" + username,
					"spring.datasource.password=" + password, "pool.profile=prod")
			.with(properties)
			.run();
	}

}
