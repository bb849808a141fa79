package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.jdbc.HikariCheckpointRestoreLifecycle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A context that is stopped and started again, as for a checkpoint, with the stock pool
 * and with the governed one. The sessions are counted by their role, so that those beside
 * the pool count too.
 */
@Timeout(120)
class StoppedContextIT {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static PostgresServer server;

	@BeforeAll
	static void start() throws SQLException {
		server = PostgresServer.builder().maxConnections(60).start();
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE app LOGIN PASSWORD 'secret'");
		}
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource({ "stock,false", "fixed,false", "leases,false", "leases,true" })
	void stoppedContextHasNoSessionUntilItIsStartedAgain(String mode, boolean proxied) throws SQLException {
		try (ConfigurableApplicationContext context = run(mode, proxied, true);
				Sessions sessions = new Sessions(server)) {
			DataSource dataSource = context.getBean(DataSource.class);
			for (int round = 0; round < 2; round++) {
				assertThat(select(dataSource)).isOne();
				// HikariCP keeps a connection that it was opening when it was suspended
				await().atMost(PATIENCE).until(() -> idle(dataSource) == 2);
				context.stop();
				// the server ends a session a moment after its client has closed it
				await().atMost(PATIENCE).until(() -> all(sessions) == 0);
				// no later either, as long as nobody borrows
				await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> all(sessions) == 0);
				context.start();
				assertThat(select(dataSource)).isOne();
				if (mode.equals("leases")) {
					PoolGovernor governor = context.getBean(PoolGovernor.class);
					assertThat(governor.fleet().mode()).isEqualTo(FleetMode.LEASES);
					await().atMost(PATIENCE).until(() -> governor.lease("primary").orElseThrow().sessions() > 1);
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "stock", "fixed", "leases" })
	void workThatGoesOnInAStoppedContextIsNotCut(String mode) throws SQLException {
		try (ConfigurableApplicationContext context = run(mode, false, true);
				Sessions sessions = new Sessions(server)) {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(select(dataSource)).isOne();
			await().atMost(PATIENCE).until(() -> idle(dataSource) == 2);
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				context.stop();
				for (int round = 0; round < 10; round++) {
					statement.execute("SELECT pg_sleep(0.2)");
				}
			}
			await().atMost(PATIENCE).until(() -> all(sessions) == 0);
			context.start();
			assertThat(select(dataSource)).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "stock", "fixed", "leases" })
	void poolThatMayNotBeSuspendedServesInAStoppedContext(String mode) throws SQLException {
		try (ConfigurableApplicationContext context = run(mode, false, false)) {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(select(dataSource)).isOne();
			context.stop();
			for (int round = 0; round < 20; round++) {
				assertThat(select(dataSource)).isOne();
			}
			context.start();
			assertThat(select(dataSource)).isOne();
		}
	}

	private static ConfigurableApplicationContext run(String mode, boolean proxied, boolean suspendable) {
		return (proxied ? TestApplication.automatic(Checkpoint.class, StandInIT.Aspect.class)
				: TestApplication.automatic(Checkpoint.class))
			.with("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=app",
					"spring.datasource.password=secret",
					"spring.datasource.hikari.allow-pool-suspension=" + suspendable, "pool.profile=prod",
					"pool.database.min-size=2", "spring.datasource.hikari.minimum-idle=2",
					"pool.enabled=" + !mode.equals("stock"))
			.with(mode.equals("fixed") ? "pool.replicas=1" : "pool.leases.mode=on")
			.run();
	}

	private static int idle(DataSource dataSource) throws SQLException {
		return dataSource.unwrap(HikariDataSource.class).getHikariPoolMXBean().getIdleConnections();
	}

	private static int all(Sessions sessions) throws SQLException {
		return sessions.number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'");
	}

	private static int select(DataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT 1")) {
			row.next();
			return row.getInt(1);
		}
	}

	/**
	 * What Spring Boot does where CRaC is on the class path.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Checkpoint {

		@Bean
		HikariCheckpointRestoreLifecycle checkpoint(DataSource dataSource, ConfigurableApplicationContext context) {
			return new HikariCheckpointRestoreLifecycle(dataSource, context);
		}

	}

}
