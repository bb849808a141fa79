package io.poolwise.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolStatus;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.lettuce.RedisPoolSaturatedException;
import io.poolwise.testservers.RedisCluster;
import io.poolwise.testservers.RedisSentinel;
import io.poolwise.testservers.RedisServer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The sizes of Redis pools that profiles and fleets come to on real servers, and
 * applications that use them.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedisSizingIT {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final String POOL = "redisConnectionFactory";

	// 40 less 10 % = 36, the profile test keeps no reserve; peaks: dev and test have no
	// surge, prod 25 %: 2, 4 and 13
	@ParameterizedTest
	@CsvSource(textBlock = """
			dev,  1, 2, 20
			dev,  3, 2, 12
			prod, 1, 10, 18
			prod, 3, 9, 9
			test, 3, 1, 5
			""")
	void theBudgetCutsTheProfile(String profile, int replicas, int min, int max) {
		try (RedisServer server = RedisServer.builder().maxClients(40).start();
				ConfigurableApplicationContext context = on(server)
					.with("pool.profile=" + profile, "pool.replicas=" + replicas)
					.run()) {
			awaitReason(context, "maxclients 40");
			assertThat(pool(context, POOL).target()).isEqualTo(PoolSize.of(min, max));
			await().atMost(SOON).until(() -> clients(server) == min);
			assertThat(pool(context, POOL).actual().size()).isEqualTo(min);
			new StringRedisTemplate(context.getBean(LettuceConnectionFactory.class)).opsForValue().set("key", "value");
		}
	}

	@Test
	void minimumIsOpenWhenTheApplicationIsReady() {
		try (RedisServer server = RedisServer.builder().maxClients(40).start()) {
			List<Integer> clients = new ArrayList<>();
			TestApplication application = on(server).with("pool.profile=prod", "pool.replicas=1");
			application.application()
				.addListeners((ApplicationListener<ApplicationReadyEvent>) (event) -> clients.add(clients(server)));
			try (ConfigurableApplicationContext context = application.run()) {
				assertThat(clients).singleElement()
					.asInstanceOf(InstanceOfAssertFactories.INTEGER)
					.isGreaterThanOrEqualTo(10);
				assertThat(context.getBean(PoolGovernor.class).warmUp(POOL).orElseThrow().missing()).isZero();
			}
		}
	}

	@Test
	void factoriesOnOneServerShareTheAllotment() {
		try (RedisServer server = RedisServer.builder().maxClients(40).start();
				ConfigurableApplicationContext context = TestApplication.onRedis(TwoFactories.class)
					.with("redis.port=" + server.port(), "pool.profile=dev", "pool.replicas=3")
					.run()) {
			await().atMost(SOON)
				.until(() -> pool(context, "sessions").target().max() + pool(context, "cache").target().max() == 12);
			HealthContributor health = context.getBean("redisHealthContributor", HealthContributor.class);
			assertThat(((CompositeHealthContributor) health).stream().map((entry) -> entry.name()))
				.containsExactlyInAnyOrder("sessions", "cache");
		}
	}

	@Test
	void anExhaustedPoolIsUpAndSaturatedAndADeadServerIsDown() throws Exception {
		try (RedisServer server = RedisServer.builder().start();
				ConfigurableApplicationContext context = on(server)
					.with("pool.profile=test", "pool.redis.acquire-timeout=20s")
					.run()) {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			HealthIndicator health = (HealthIndicator) ((CompositeHealthContributor) context
				.getBean("redisHealthContributor", HealthContributor.class)).getContributor(POOL);
			List<RedisConnection> borrowed = IntStream.range(0, 4).mapToObj((i) -> {
				RedisConnection connection = factory.getConnection();
				connection.multi();
				return connection;
			}).toList();
			Thread waiting = new Thread(() -> {
				RedisConnection connection = factory.getConnection();
				connection.multi();
				connection.close();
			});
			waiting.start();
			await().atMost(SOON).until(() -> pool(context, POOL).actual().pending() == 1);
			assertThat(pool(context, POOL).status()).isEqualTo(PoolStatus.SATURATED);
			assertThat(health.health().getStatus()).isEqualTo(Status.UP);
			borrowed.forEach(RedisConnection::close);
			waiting.join(SOON.toMillis());
			assertThat(waiting.isAlive()).isFalse();
			server.stop();
			await().atMost(SOON).until(() -> health.health().getStatus().equals(Status.DOWN));
			assertThat(pool(context, POOL).status()).isEqualTo(PoolStatus.DOWN);
			server.restart();
			await().atMost(SOON.multipliedBy(3)).until(() -> health.health().getStatus().equals(Status.UP));
		}
	}

	@Test
	void callersThatMayWaitAreBounded() throws Exception {
		try (RedisServer server = RedisServer.builder().start();
				ConfigurableApplicationContext context = on(server)
					.with("pool.profile=test", "pool.redis.acquire-timeout=60s", "pool.redis.max-pending=1")
					.run()) {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			List<RedisConnection> borrowed = new ArrayList<>();
			// one after the other: each waits until its connection is open
			while (pool(context, POOL).actual().used() < 5) {
				RedisConnection connection = factory.getConnection();
				connection.multi();
				borrowed.add(connection);
			}
			Thread waiting = new Thread(() -> {
				RedisConnection connection = factory.getConnection();
				connection.multi();
				connection.close();
			});
			waiting.start();
			await().atMost(SOON).until(() -> pool(context, POOL).actual().pending() == 1);
			assertThatExceptionOfType(RedisPoolSaturatedException.class)
				.isThrownBy(() -> factory.getConnection().multi());
			assertThat(context.getBean(PoolGovernor.class).activity(POOL).trouble().refused()).isEqualTo(1);
			borrowed.forEach(RedisConnection::close);
			waiting.join(SOON.toMillis());
			assertThat(waiting.isAlive()).isFalse();
		}
	}

	@Test
	void bootsPropertiesReachTheServer() {
		try (RedisServer server = RedisServer.builder().tls().user("app", "secret", "~* &* +@all").start();
				ConfigurableApplicationContext context = on(server)
					.with("spring.data.redis.username=app", "spring.data.redis.password=secret",
							"spring.data.redis.client-name=orders", "spring.data.redis.database=2",
							"spring.data.redis.ssl.bundle=redis",
							"spring.ssl.bundle.pem.redis.truststore.certificate=" + server.certificate().toUri(),
							"pool.profile=prod", "pool.redis.budget.limit=50", "pool.replicas=4")
					.run()) {
			// 50 less 10 %, for 4 instances and 1 more
			assertThat(pool(context, POOL).target()).isEqualTo(PoolSize.of(9, 9));
			StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
			template.opsForValue().set("key", "value");
			String line = template.execute((RedisConnection connection) -> String
				.valueOf(connection.execute("CLIENT", "INFO".getBytes(StandardCharsets.US_ASCII))));
			assertThat(line).contains(" name=orders ").contains(" db=2 ").contains(" user=app");
		}
	}

	@Test
	void aUserWhoMayNotAskIsCarefulAndToldTheKey() {
		try (RedisServer server = RedisServer.builder().user("app", "secret", "~* &* +@all -@dangerous").start();
				ConfigurableApplicationContext context = on(server)
					.with("spring.data.redis.username=app", "spring.data.redis.password=secret", "pool.profile=prod",
							"pool.replicas=4")
					.run()) {
			awaitReason(context, "NOPERM");
			assertThat(pool(context, POOL).target()).isEqualTo(PoolSize.of(10, 10));
			assertThat(pool(context, POOL).reasons())
				.anySatisfy((reason) -> assertThat(reason).contains("pool.redis.budget.limit"));
		}
	}

	@Test
	void aDryRunDecidesAndTouchesNothing() {
		try (RedisServer server = RedisServer.builder().maxClients(40).start();
				ConfigurableApplicationContext context = on(server)
					.with("pool.profile=prod", "pool.replicas=3", "pool.dry-run=true")
					.run()) {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			assertThat(factory.getClass()).isEqualTo(LettuceConnectionFactory.class);
			awaitReason(context, "maxclients 40");
			assertThat(pool(context, POOL).target()).isEqualTo(PoolSize.of(9, 9));
			assertThat(pool(context, POOL).reasons()).contains("dry run: decided, not applied");
			assertThat(factory.getConnection().ping()).isEqualTo("PONG");
			await().atMost(SOON).until(() -> pool(context, POOL).actual().size() == 1 && clients(server) == 1);
		}
	}

	@Test
	void clusterThroughBootsProperties() {
		try (RedisCluster cluster = RedisCluster.start(3);
				ConfigurableApplicationContext context = TestApplication.onRedis()
					.with("spring.data.redis.cluster.nodes=" + addresses(cluster.nodes()), "pool.profile=dev")
					.run()) {
			StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
			for (int i = 0; i < 50; i++) {
				template.opsForValue().set("key" + i, "value");
			}
			assertThat(template.opsForValue().multiGet(List.of("key1", "key2", "key3"))).containsOnly("value");
			assertThat(context.getBean(ReactiveStringRedisTemplate.class).opsForValue().get("key7").block(SOON))
				.isEqualTo("value");
			assertThat(pool(context, POOL).target()).isEqualTo(PoolSize.of(2, 20));
			assertThat(pool(context, POOL).reasons()).anySatisfy((reason) -> assertThat(reason).startsWith("Cluster:"));
		}
	}

	@Test
	void sentinelThroughBootsProperties() {
		try (RedisSentinel servers = RedisSentinel.start();
				ConfigurableApplicationContext context = TestApplication.onRedis()
					.with("spring.data.redis.sentinel.master=" + servers.master(),
							"spring.data.redis.sentinel.nodes=" + addresses(servers.sentinels()), "pool.profile=dev")
					.run()) {
			context.getBean(StringRedisTemplate.class).opsForValue().set("key", "value");
			assertThat(pool(context, POOL).target()).isEqualTo(PoolSize.of(2, 20));
		}
	}

	private static TestApplication on(RedisServer server) {
		return TestApplication.onRedis()
			.with("spring.data.redis.host=" + server.host(), "spring.data.redis.port=" + server.port());
	}

	private static String addresses(List<RedisServer> servers) {
		return String.join(",", servers.stream().map((server) -> server.host() + ":" + server.port()).toList());
	}

	private static PoolReport pool(ConfigurableApplicationContext context, String name) {
		return context.getBean(PoolGovernor.class).pool(name).orElseThrow();
	}

	/**
	 * On a busy machine the limit may come only after the start.
	 */
	private static void awaitReason(ConfigurableApplicationContext context, String text) {
		await().atMost(SOON)
			.until(() -> pool(context, POOL).reasons().stream().anyMatch((reason) -> reason.contains(text)));
	}

	private static int clients(RedisServer server) {
		try (RedisClient client = RedisClient.create(RedisURI.create(server.host(), server.port()));
				StatefulRedisConnection<String, String> connection = client.connect()) {
			return (int) connection.sync().clientList().lines().count() - 1;
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoFactories {

		@Bean
		@Primary
		LettuceConnectionFactory sessions(Environment environment) {
			return new LettuceConnectionFactory("127.0.0.1", port(environment));
		}

		@Bean
		LettuceConnectionFactory cache(Environment environment) {
			RedisStandaloneConfiguration address = new RedisStandaloneConfiguration("localhost", port(environment));
			address.setDatabase(3);
			return new LettuceConnectionFactory(address);
		}

		private static int port(Environment environment) {
			return environment.getRequiredProperty("redis.port", Integer.class);
		}

	}

}
