package io.poolwise.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolStatus;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What health says over HTTP while a pool or its server is in trouble, beside stock.
 */
class TroubleIT {

	// the incident lasted a minute; a longer run: -Dpoolwise.trouble.seconds=60
	private static final Duration TROUBLE = Duration.ofSeconds(Integer.getInteger("poolwise.trouble.seconds", 6));

	private static final int POOL = 5;

	private final HttpClient client = HttpClient.newHttpClient();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stopThreads() {
		this.threads.shutdownNow();
	}

	@Test
	void healthOfAnExhaustedPoolAnswersEachTimeAndTakesNothing() throws Exception {
		try (PostgresServer server = PostgresServer.builder().start();
				ConfigurableApplicationContext context = run(server.jdbcUrl(), server)) {
			List<Connection> held = exhaust(context.getBean(DataSource.class));
			List<Future<Connection>> waiting = waiters(context.getBean(DataSource.class), 3);
			await().until(() -> context.getBean(PoolGovernor.class)
				.pool("primary")
				.orElseThrow()
				.status() == PoolStatus.SATURATED);
			int answers = 0;
			for (long end = System.nanoTime() + TROUBLE.toNanos(); System.nanoTime() < end; answers++) {
				assertThat(get(context, "/actuator/health/liveness").statusCode()).isEqualTo(200);
				assertThat(get(context, "/actuator/health/readiness").statusCode()).isEqualTo(200);
				HttpResponse<String> health = get(context, "/actuator/health");
				assertThat(health.statusCode()).isEqualTo(200);
				assertThat(health.body()).contains("\"pending\":3", "saturated");
			}
			assertThat(answers).isGreaterThan(3);
			giveBack(held, waiting);
		}
	}

	@Test
	void stockHealthOfAnExhaustedPoolIsDown() throws Exception {
		try (PostgresServer server = PostgresServer.builder().start();
				ConfigurableApplicationContext context = run(server.jdbcUrl(), server, "pool.enabled=false",
						"spring.datasource.hikari.maximum-pool-size=" + POOL,
						"spring.datasource.hikari.connection-timeout=2000")) {
			List<Connection> held = exhaust(context.getBean(DataSource.class));
			long start = System.nanoTime();
			assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(503);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
			giveBack(held, List.of());
		}
	}

	@Test
	void aServerThatIsKilledIsDownAndComesBackWithItsNewLimit() throws Exception {
		try (PostgresServer server = PostgresServer.builder().maxConnections(30).start();
				ConfigurableApplicationContext context = run(server.jdbcUrl(), server)) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.pool("primary").orElseThrow().budget()).isNotNull();
			try (Sessions sessions = new Sessions(server)) {
				sessions.execute("ALTER SYSTEM SET superuser_reserved_connections = 10");
			}
			server.kill();
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(503));
			assertThat(get(context, "/actuator/health/liveness").statusCode()).isEqualTo(200);
			server.restart();
			await().atMost(Duration.ofSeconds(40))
				.untilAsserted(() -> assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(200));
			try (Sessions sessions = new Sessions(server)) {
				assertThat(sessions.number("SELECT current_setting('superuser_reserved_connections')::int"))
					.isEqualTo(10);
			}
			// 30 - 10 = 20, less 10 %
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				context.getBean(DataSource.class).getConnection().close();
				assertThat(governor.pool("primary").orElseThrow().allotment()).isEqualTo(18);
			});
		}
	}

	@Test
	void healthIsBoundedWhenTheNetworkIsSilent() throws Exception {
		try (PostgresServer server = PostgresServer.builder().start();
				TcpProxy proxy = TcpProxy.before(server);
				ConfigurableApplicationContext context = run(
						"jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/postgres", server)) {
			assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(200);
			proxy.stall();
			long start = System.nanoTime();
			assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(503);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
			proxy.heal();
			await().atMost(Duration.ofSeconds(40))
				.untilAsserted(() -> assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(200));
		}
	}

	private static List<Connection> exhaust(DataSource dataSource) throws SQLException {
		List<Connection> held = new ArrayList<>();
		for (int i = 0; i < POOL; i++) {
			held.add(dataSource.getConnection());
		}
		return held;
	}

	private List<Future<Connection>> waiters(DataSource dataSource, int count) {
		List<Future<Connection>> waiting = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			waiting.add(this.threads.submit(() -> dataSource.getConnection()));
		}
		return waiting;
	}

	private static void giveBack(List<Connection> held, List<Future<Connection>> waiting) throws Exception {
		for (Connection connection : held) {
			connection.close();
		}
		for (Future<Connection> waiter : waiting) {
			waiter.get().close();
		}
	}

	private HttpResponse<String> get(ConfigurableApplicationContext context, String path)
			throws IOException, InterruptedException {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return this.client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.timeout(Duration.ofSeconds(30))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static ConfigurableApplicationContext run(String url, PostgresServer server, String... properties) {
		TestApplication application = TestApplication.automatic()
			.with("spring.datasource.url=" + url, "spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "server.port=0",
					"management.endpoint.health.show-details=always", "management.endpoint.health.probes.enabled=true")
			.with(properties);
		if (properties.length == 0) {
			application.with("pool.database.max-size=" + POOL, "pool.database.acquire-timeout=120s",
					"pool.database.min-size=2");
		}
		application.application().setWebApplicationType(WebApplicationType.SERVLET);
		return application.run();
	}

}
