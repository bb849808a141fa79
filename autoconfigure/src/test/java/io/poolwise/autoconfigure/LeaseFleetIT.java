package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What people see of a fleet that leases, and what follows from its number.
 */
@Timeout(180)
class LeaseFleetIT {

	// the ledger is read in full every 30 s at the latest
	private static final Duration AUDITED = Duration.ofSeconds(90);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static PostgresServer server;

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeAll
	static void startServer() throws Exception {
		server = PostgresServer.builder().maxConnections(60).start();
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
		}
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	private HttpApplication run(String... more) {
		List<String> properties = new ArrayList<>(List.of("spring.profiles.active=prod",
				"spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=app",
				"spring.datasource.password=app", "pool.database.min-size=2", "pool.database.max-size=2",
				"pool.endpoints.show-details=always", "management.endpoint.health.show-details=always"));
		properties.addAll(List.of(more));
		HttpApplication application = HttpApplication.run(WebApplicationType.SERVLET, properties);
		this.open.add(0, application);
		return application;
	}

	private static JsonNode health(HttpApplication application) throws Exception {
		return application.json("/actuator/health/db/primary");
	}

	// 60 - 3 = 57, less 10 % = 51, of which 2 are seats
	@Test
	void everyInstanceShowsTheWholeFleet() throws Exception {
		HttpApplication one = run();
		HttpApplication other = run();
		for (HttpApplication each : List.of(one, other)) {
			each.context().getBean(DataSource.class).getConnection().close();
		}
		for (HttpApplication each : List.of(one, other)) {
			await().atMost(AUDITED).untilAsserted(() -> {
				JsonNode fleet = each.json("/actuator/pools").at("/fleet");
				assertThat(fleet.at("/mode").asString()).isEqualTo("leases");
				assertThat(fleet.at("/status").asString()).isEqualTo("healthy");
				assertThat(fleet.at("/seats").asInt()).isEqualTo(2);
				assertThat(fleet.at("/members").asInt()).isEqualTo(2);
				assertThat(fleet.at("/slots").asInt()).isEqualTo(49);
				assertThat(fleet.at("/slots_owned").asInt()).isBetween(4, 49);
				// at most two connections and a coordinator each, as of the last look
				assertThat(fleet.at("/slots_used").asInt()).isBetween(2, 6);
				assertThat(fleet.at("/shares")).hasSize(2);
				assertThat(fleet.at("/shares/0/self").asBoolean()).isTrue();
				assertThat(fleet.at("/shares/1/self").asBoolean()).isFalse();
				assertThat(fleet.at("/shares/1/joined").asBoolean()).isTrue();
				assertThat(fleet.at("/shares/1/share").asInt()).isPositive();
			});
			assertThat(each.json("/actuator/pools").at("/decisions").toString()).contains("leases: ");
			assertThat(each.manage("/actuator/prometheus").body().lines()).contains("pool_fleet_members 2.0");
		}
	}

	@Test
	void healthAsksTheCoordinatorWhileEveryConnectionIsInUse() throws Exception {
		HttpApplication application = run();
		DataSource pool = application.context().getBean(DataSource.class);
		try (Sessions sessions = new Sessions(server);
				Connection first = pool.getConnection();
				Connection second = pool.getConnection()) {
			assertThat(first).isNotSameAs(second);
			sessions.execute("ALTER ROLE app NOLOGIN");
			try {
				for (int i = 0; i < 3; i++) {
					JsonNode health = health(application);
					assertThat(health.at("/status").asString()).isEqualTo("UP");
					assertThat(health.at("/details/server").asString()).startsWith("answered in");
					assertThat(health.at("/details/leases").asString()).startsWith("holds ");
				}
			}
			finally {
				sessions.execute("ALTER ROLE app LOGIN");
			}
		}
	}

	@Test
	void healthIsUpAndSaysThatTheLeasesAreDegraded() throws Exception {
		HttpApplication application = run();
		application.context().getBean(DataSource.class).getConnection().close();
		try (Sessions sessions = new Sessions(server)) {
			await().atMost(PATIENCE).until(() -> health(application).at("/details/size").asInt() == 2);
			sessions.execute("ALTER ROLE app NOLOGIN");
			try {
				sessions.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'"
						+ " AND application_name LIKE 'poolwise1 %'");
				await().atMost(PATIENCE).untilAsserted(() -> {
					JsonNode health = health(application);
					assertThat(health.at("/status").asString()).isEqualTo("UP");
					assertThat(health.at("/details/status").asString()).isEqualTo("degraded");
					assertThat(health.at("/details/leases").asString()).startsWith("degraded: no coordinator session");
				});
				assertThat(application.json("/actuator/pools").at("/fleet/status").asString()).isEqualTo("degraded");
			}
			finally {
				sessions.execute("ALTER ROLE app LOGIN");
			}
			await().atMost(PATIENCE)
				.until(() -> health(application).at("/details/status").asString().equals("healthy"));
		}
	}

	// 40 less 10 % = 36; the members, and 25 % of them or at least 1 that may just come
	@Test
	void shareOfRedisFollowsTheNumberOfMembers() {
		try (RedisServer redis = RedisServer.builder().maxClients(40).start()) {
			List<ConfigurableApplicationContext> instances = new ArrayList<>();
			for (int each : new int[] { 18, 12, 9 }) {
				instances.add(runWithRedis(redis));
				await().atMost(PATIENCE)
					.untilAsserted(
							() -> assertThat(instances).extracting((instance) -> redisPool(instance).target().max())
								.containsOnly(each));
			}
			assertThat(redisPool(instances.get(0)).peak()).isEqualTo(4);
			await().atMost(PATIENCE).until(() -> clients(redis) == 27);
		}
	}

	private ConfigurableApplicationContext runWithRedis(RedisServer redis) {
		ConfigurableApplicationContext instance = TestApplication.onDatabaseAndRedis()
			.with("spring.profiles.active=prod", "spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.username=app", "spring.datasource.password=app", "pool.database.min-size=0",
					"spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port())
			.run();
		this.open.add(0, instance);
		return instance;
	}

	private static PoolReport redisPool(ConfigurableApplicationContext instance) {
		return instance.getBean(PoolGovernor.class).pool("redisConnectionFactory").orElseThrow();
	}

	private static int clients(RedisServer redis) {
		try (RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
				StatefulRedisConnection<String, String> connection = client.connect()) {
			return (int) connection.sync().clientList().lines().count() - 1;
		}
	}

}
