package io.poolwise.sample.watch;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;

import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.PrometheusServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Incidents are provoked on the running sample, which has users and shares its database
 * by leases, and a real Prometheus with the alert rules calls for help, and is quiet
 * again afterwards.
 * <p>
 * All durations of the rules are divided by {@value #DIVISOR}. With
 * {@code -Dpoolwise.alerts.divisor=1} the file is taken as it is shipped.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sample.traffic.enabled=true", "sample.traffic.users=10", "sample.traffic.think-time=300ms",
				"pool.leases.mode=on", "management.prometheus.metrics.export.enabled=true" })
@ActiveProfiles("test")
class AlertsIT {

	private static final int DIVISOR = 20;

	private static final int FACTOR = Integer.getInteger("poolwise.alerts.divisor", DIVISOR);

	private static final Duration PATIENCE = Duration.ofSeconds(60).plus(Duration.ofMinutes(8).dividedBy(FACTOR));

	@TempDir
	private Path folder;

	@Autowired
	private PostgresServer server;

	private PrometheusServer prometheus;

	private Alerts alerts;

	@BeforeEach
	void startPrometheus(@LocalServerPort int port) throws Exception {
		Path rules = Path.of("..", "docs", "prometheus");
		this.prometheus = PrometheusServer.builder()
			.scrape("orders", port, "/actuator/prometheus")
			.rules(FasterRules.write(rules.resolve("alerts.yml"), FACTOR, this.folder))
			.start();
		this.alerts = new Alerts(this.prometheus, PATIENCE);
		await().atMost(PATIENCE)
			.until(() -> this.prometheus.query("pool_status{pool=\"primary\",status=\"healthy\"} == 1")
				.contains("primary"));
		// callers of the incident before may still be on their way
		await().atMost(PATIENCE).until(() -> this.alerts.active().isEmpty());
	}

	@AfterEach
	void stopPrometheus() {
		this.prometheus.close();
	}

	@Test
	void lockThatHoldsUpEveryStatementExhaustsThePool() throws Exception {
		Duration called;
		try (Connection careless = connect(); Statement statement = careless.createStatement()) {
			careless.setAutoCommit(false);
			statement.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
			called = this.alerts.awaitFiring("PoolExhausted primary");
			this.alerts.awaitFiring("PoolTurnsCallersAway primary");
			assertThat(this.alerts.summary("PoolExhausted")).startsWith("primary of ").endsWith(" is exhausted");
		}
		seen("PoolExhausted", called);
	}

	@Test
	void serverThatIsKilledIsDown() {
		Duration called;
		this.server.kill();
		try {
			called = this.alerts.awaitFiring("PoolDown primary");
			assertThat(this.alerts.summary("PoolDown")).startsWith("primary of ").endsWith(" can't reach its server");
		}
		finally {
			this.server.restart();
		}
		seen("PoolDown", called);
	}

	@Test
	void coordinatorThatMayNotLogInAgainDegradesTheLeases() throws Exception {
		Duration called;
		execute("ALTER ROLE orders NOLOGIN");
		try {
			execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'orders'"
					+ " AND application_name LIKE 'poolwise1 %'");
			called = this.alerts.awaitFiring("PoolLeasesDegraded primary");
			assertThat(this.alerts.summary("PoolLeasesDegraded")).endsWith(" can't take part in the leases of primary");
		}
		finally {
			execute("ALTER ROLE orders LOGIN");
		}
		seen("PoolLeasesDegraded", called);
	}

	/**
	 * The incident is over: the alert goes, and Prometheus has recorded that it was
	 * pending first.
	 */
	private void seen(String alert, Duration called) {
		Duration resolved = this.alerts.awaitResolved(alert + " primary");
		assertThat(this.alerts.was(alert, "pending")).isTrue();
		assertThat(this.alerts.was(alert, "firing")).isTrue();
		System.out.printf(Locale.ROOT, "| `%s` | %.1f s | %.1f s |%n", alert, called.toMillis() / 1000.0,
				resolved.toMillis() / 1000.0);
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(this.server.jdbcUrl("orders"), this.server.username(),
				this.server.password());
	}

}
