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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What health says over HTTP while a pool or its server is in trouble, beside stock.
 */
class TroubleIT {

	private static final Logger logger = LoggerFactory.getLogger(TroubleIT.class);

	private static final String APPLICATION = "trouble";

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
				ConfigurableApplicationContext context = run(server.jdbcUrl() + "?ApplicationName=" + APPLICATION,
						server)) {
			List<Connection> held = exhaust(context.getBean(DataSource.class));
			List<Future<Connection>> waiting = waiters(context.getBean(DataSource.class), 3);
			await().until(() -> context.getBean(PoolGovernor.class)
				.pool("primary")
				.orElseThrow()
				.status() == PoolStatus.SATURATED);
			int answers = 0;
			int mostSessions = 0;
			Duration slowest = Duration.ZERO;
			try (Sessions sessions = new Sessions(server)) {
				int before = established(sessions);
				for (long end = System.nanoTime() + TROUBLE.toNanos(); System.nanoTime() < end; answers++) {
					assertThat(get(context, "/actuator/health/liveness").statusCode()).isEqualTo(200);
					assertThat(get(context, "/actuator/health/readiness").statusCode()).isEqualTo(200);
					long asked = System.nanoTime();
					HttpResponse<String> health = get(context, "/actuator/health");
					slowest = longer(slowest, asked);
					assertThat(health.statusCode()).isEqualTo(200);
					assertThat(health.body()).contains("\"pending\":3", "saturated");
					mostSessions = Math.max(mostSessions, sessions.of(APPLICATION));
				}
				logger.info(
						"exhausted for {} s: asked {} times, each time UP, at most {} ms, at most {} sessions, "
								+ "{} connections for it",
						TROUBLE.toSeconds(), answers, slowest.toMillis(), mostSessions, established(sessions) - before);
			}
			assertThat(answers).isPositive();
			// a connection for a short question may still be closing when the next one
			// opens
			assertThat(mostSessions).isBetween(POOL, POOL + 2);
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
			int answers = 0;
			Duration slowest = Duration.ZERO;
			for (long end = System.nanoTime() + TROUBLE.toNanos(); System.nanoTime() < end; answers++) {
				long asked = System.nanoTime();
				assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(503);
				slowest = longer(slowest, asked);
			}
			logger.info("stock, exhausted for {} s: asked {} times, each time DOWN, at most {} ms", TROUBLE.toSeconds(),
					answers, slowest.toMillis());
			assertThat(slowest).isGreaterThan(Duration.ofMillis(1900));
			giveBack(held, List.of());
		}
	}

	private static Duration longer(Duration slowest, long asked) {
		Duration time = Duration.ofNanos(System.nanoTime() - asked);
		return (time.compareTo(slowest) > 0) ? time : slowest;
	}

	/**
	 * How many sessions the server has begun so far, as far as it has counted them.
	 */
	private static int established(Sessions sessions) throws SQLException {
		return sessions.number("SELECT sessions FROM pg_stat_database WHERE datname = 'postgres'");
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
			long killed = System.nanoTime();
			server.kill();
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(503));
			logger.info("killed: DOWN after {} ms", Duration.ofNanos(System.nanoTime() - killed).toMillis());
			assertThat(get(context, "/actuator/health/liveness").statusCode()).isEqualTo(200);
			server.restart();
			long back = System.nanoTime();
			await().atMost(Duration.ofSeconds(40))
				.untilAsserted(() -> assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(200));
			logger.info("back: UP after {} ms", Duration.ofNanos(System.nanoTime() - back).toMillis());
			try (Sessions sessions = new Sessions(server)) {
				assertThat(sessions.number("SELECT current_setting('superuser_reserved_connections')::int"))
					.isEqualTo(10);
			}
			// 30 - 10 = 20, less 10 %
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				context.getBean(DataSource.class).getConnection().close();
				assertThat(governor.pool("primary").orElseThrow().allotment()).isEqualTo(18);
			});
			logger.info("back: its new limit is known after {} ms",
					Duration.ofNanos(System.nanoTime() - back).toMillis());
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
			// an answer of the last second counts, so not at once
			await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
				long start = System.nanoTime();
				int status = get(context, "/actuator/health").statusCode();
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
				assertThat(status).isEqualTo(503);
			});
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
