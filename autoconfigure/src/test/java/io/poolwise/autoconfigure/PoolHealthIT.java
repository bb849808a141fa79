package io.poolwise.autoconfigure;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What health says while a pool is exhausted and while its server is gone.
 */
@Timeout(180)
class PoolHealthIT {

	private static final int MAX = 3;

	private static final int WAITING = 2;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Connection> held = new ArrayList<>();

	private PostgresServer server;

	@BeforeEach
	void start() {
		this.server = PostgresServer.builder().maxConnections(30).start();
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.server.close();
	}

	@Test
	void exhaustedPoolIsUpAndHealthNeitherWaitsNorBorrows() throws Exception {
		try (HttpApplication application = run(); Sessions sessions = new Sessions(this.server)) {
			exhaust(application);
			// longer than a returned connection counts as a sign of life
			await().pollInterval(Duration.ofMillis(500))
				.during(Duration.ofSeconds(12))
				.atMost(Duration.ofSeconds(40))
				.untilAsserted(() -> {
					long asked = System.nanoTime();
					JsonNode part = application.json("/actuator/health/db/primary");
					assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(4));
					assertThat(part.at("/status").asString()).isEqualTo("UP");
					assertThat(part.at("/details/status").asString()).isEqualTo("saturated");
					assertThat(part.at("/details/used").asInt()).isEqualTo(MAX);
					assertThat(part.at("/details/pending").asInt()).isEqualTo(WAITING);
					assertThat(part.at("/details/server").asString()).startsWith("answered in");
					assertThat(application.manage("/actuator/health/liveness").statusCode()).isEqualTo(200);
					assertThat(application.manage("/actuator/health/readiness").statusCode()).isEqualTo(200);
					assertThat(sessions.of("health")).isLessThanOrEqualTo(MAX + 1);
				});
			assertThat(application.json("/actuator/metrics/db-pool").at("/primary").toString())
				.isEqualTo("{\"size\":3,\"free\":0,\"used\":3,\"min_size\":3,\"max_size\":3,\"pending\":2,"
						+ "\"status\":\"saturated\"}");
			assertThat(application.manage("/actuator/prometheus").body().lines()).contains(
					"pool_used_connections{kind=\"database\",pool=\"primary\"} 3.0",
					"pool_pending_callers{kind=\"database\",pool=\"primary\"} 2.0");
			release();
			await().atMost(Duration.ofSeconds(10))
				.until(() -> application.json("/actuator/health/db/primary")
					.at("/details/status")
					.asString()
					.equals("healthy"));
		}
	}

	// why the stock part is replaced: it waits for the pool, and then says that the
	// database is down
	@Test
	void besideThatStockHealthIsDown() throws Exception {
		try (HttpApplication application = run("pool.enabled=false", "spring.datasource.hikari.maximum-pool-size=3",
				"spring.datasource.hikari.connection-timeout=2000",
				"management.endpoints.web.exposure.include=health,prometheus")) {
			exhaust(application);
			long asked = System.nanoTime();
			assertThat(application.manage("/actuator/health").statusCode()).isEqualTo(503);
			assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofMillis(1900));
			release();
		}
	}

	@Test
	void lastingSaturationTakesTheInstanceOutOfServiceWhereAGraceIsSet() throws Exception {
		try (HttpApplication application = run("pool.health.saturation-grace=2s",
				"management.endpoint.health.probes.add-additional-paths=true")) {
			assertThat(application.get("/readyz").statusCode()).isEqualTo(200);
			exhaust(application);
			assertThat(application.get("/readyz").statusCode()).isEqualTo(200);
			await().atMost(Duration.ofSeconds(30)).until(() -> application.get("/readyz").statusCode() == 503);
			JsonNode readiness = application.json("/actuator/health/readiness");
			assertThat(readiness.at("/status").asString()).isEqualTo("OUT_OF_SERVICE");
			HttpResponse<String> health = application.manage("/actuator/health");
			assertThat(health.statusCode()).isEqualTo(200);
			assertThat(health.body()).doesNotContain("poolSaturation");
			assertThat(application.get("/livez").statusCode()).isEqualTo(200);
			release();
			await().atMost(Duration.ofSeconds(30)).until(() -> application.get("/readyz").statusCode() == 200);
		}
	}

	@Test
	void deadServerIsDownInBoundedTimeAndUpWhenItIsBack() throws Exception {
		try (HttpApplication application = run()) {
			assertThat(application.manage("/actuator/health").statusCode()).isEqualTo(200);
			this.server.kill();
			await().atMost(Duration.ofSeconds(20)).until(() -> {
				long asked = System.nanoTime();
				int status = application.manage("/actuator/health").statusCode();
				assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(9));
				return status == 503;
			});
			JsonNode part = JsonMapper.shared().readTree(application.manage("/actuator/health/db/primary").body());
			assertThat(part.at("/status").asString()).isEqualTo("DOWN");
			assertThat(part.at("/details/status").asString()).isEqualTo("down");
			assertThat(part.at("/details/server").asString()).isNotBlank().doesNotContain(this.server.password());
			assertThat(application.json("/actuator/metrics/db-pool").at("/primary/status").asString())
				.isEqualTo("down");
			assertThat(application.manage("/actuator/health/liveness").statusCode()).isEqualTo(200);
			this.server.restart();
			await().atMost(Duration.ofSeconds(20))
				.until(() -> application.manage("/actuator/health").statusCode() == 200);
			assertThat(application.json("/actuator/metrics/db-pool").at("/primary/status").asString())
				.isEqualTo("healthy");
		}
	}

	private HttpApplication run(String... more) {
		List<String> properties = new ArrayList<>(
				List.of("spring.datasource.url=" + this.server.jdbcUrl() + "?ApplicationName=health",
						"spring.datasource.username=" + this.server.username(),
						"spring.datasource.password=" + this.server.password(), "pool.database.min-size=3",
						"pool.database.max-size=3", "pool.database.acquire-timeout=60s",
						"management.endpoint.health.show-details=always"));
		properties.addAll(List.of(more));
		return HttpApplication.run(WebApplicationType.SERVLET, properties);
	}

	private void exhaust(HttpApplication application) throws Exception {
		DataSource pool = application.context().getBean(DataSource.class);
		for (int i = 0; i < MAX; i++) {
			this.held.add(pool.getConnection());
		}
		for (int i = 0; i < WAITING; i++) {
			this.threads.execute(() -> {
				try (Connection connection = pool.getConnection()) {
					connection.isValid(1);
				}
				catch (SQLException ex) {
					// the stock pool's timeout is short
				}
			});
		}
		HikariDataSource hikari = (HikariDataSource) pool;
		await().atMost(Duration.ofSeconds(10))
			.until(() -> hikari.getHikariPoolMXBean().getThreadsAwaitingConnection() == WAITING);
	}

	private void release() throws Exception {
		for (Connection connection : this.held) {
			connection.close();
		}
		this.held.clear();
	}

}
