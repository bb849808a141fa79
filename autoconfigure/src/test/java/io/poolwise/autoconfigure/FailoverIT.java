package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A pool with several addresses, whose primary dies.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class FailoverIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	// where a connect takes longer than a second, its outcome is unknown for a minute
	private static final Duration LEASE_PATIENCE = Duration.ofSeconds(150);

	// the old primary grants 60 - 13 = 47, less 10 % = 42; the new one 60 - 3 = 57, so 51
	@Test
	void thePoolFollowsTheNewPrimaryAndItsLimit(CapturedOutput output) throws Exception {
		try (PostgresServer primary = PostgresServer.builder().maxConnections(60).start()) {
			try (Sessions sessions = new Sessions(primary)) {
				sessions.execute("ALTER SYSTEM SET superuser_reserved_connections = 13");
			}
			primary.kill();
			primary.restart();
			try (PostgresServer standby = primary.startStandby();
					ConfigurableApplicationContext context = run(primary, standby, "pool.profile=dev")) {
				DataSource pool = context.getBean(DataSource.class);
				assertThat(port(pool)).isEqualTo(primary.port());
				assertThat(report(context).allotment()).isEqualTo(42);
				assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 42));
				primary.kill();
				standby.promote();
				await().atMost(PATIENCE).ignoreExceptions().until(() -> port(pool) == standby.port());
				await().atMost(PATIENCE).untilAsserted(() -> {
					assertThat(port(pool)).isEqualTo(standby.port());
					assertThat(report(context).allotment()).isEqualTo(51);
					assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 50));
				});
				try (Sessions sessions = new Sessions(standby)) {
					await().atMost(PATIENCE).until(() -> sessions.of("failover") >= 5);
					assertThat(sessions.of("failover")).isLessThanOrEqualTo(51);
				}
				assertThat(output).contains("the server's answer has changed: limit 47 -> 57, server postgresql ")
					.contains(":" + primary.port() + " primary -> postgresql ")
					.contains(":" + standby.port() + " primary: PostgreSQL 18");
			}
		}
	}

	// 42 less 2 seats and the coordinator; then 51
	@Test
	@Timeout(500)
	void leasesFollowTheNewPrimary() throws Exception {
		try (PostgresServer primary = PostgresServer.builder().maxConnections(60).start()) {
			try (Sessions sessions = new Sessions(primary)) {
				sessions.execute("ALTER SYSTEM SET superuser_reserved_connections = 13");
			}
			primary.kill();
			primary.restart();
			try (PostgresServer standby = primary.startStandby();
					Load load = new Load();
					ConfigurableApplicationContext context = run(primary, standby, "pool.profile=prod",
							"pool.leases.mode=on")) {
				load.on(context.getBean(DataSource.class), 60, "SELECT pg_sleep(0.05)");
				awaitLeased(context, 39);
				primary.kill();
				standby.promote();
				awaitLeased(context, 48);
				try (Sessions sessions = new Sessions(standby)) {
					await().atMost(PATIENCE).until(() -> sessions.of("failover") == 48);
				}
				load.close();
			}
		}
	}

	private static void awaitLeased(ConfigurableApplicationContext context, int connections) {
		await().atMost(LEASE_PATIENCE).untilAsserted(() -> {
			assertThat(context.getBean(PoolGovernor.class).lease("primary")).hasValueSatisfying((share) -> {
				assertThat(share.degraded()).isFalse();
				assertThat(share.sessions()).isEqualTo(connections);
			});
			assertThat(report(context).target().max()).isEqualTo(connections);
		});
	}

	private static int port(DataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT inet_server_port()")) {
			row.next();
			return row.getInt(1);
		}
	}

	private static PoolReport report(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
	}

	private static ConfigurableApplicationContext run(PostgresServer first, PostgresServer second, String... more) {
		String url = "jdbc:postgresql://%s:%d,%s:%d/postgres?targetServerType=primary&ApplicationName=failover"
			.formatted(first.host(), first.port(), second.host(), second.port());
		return TestApplication.automatic()
			.with("spring.datasource.url=" + url, "spring.datasource.username=" + first.username(),
					"spring.datasource.password=" + first.password(), "pool.database.max-size=50",
					"pool.database.acquire-timeout=5s")
			.with(more)
			.run();
	}

}
