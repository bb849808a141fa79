package io.poolwise.pool.lettuce;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.SslOptions;
import io.poolwise.budget.LimitReading;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import io.poolwise.testservers.RedisCluster;
import io.poolwise.testservers.RedisSentinel;
import io.poolwise.testservers.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration.LettucePoolingClientConfigurationBuilder;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@link GovernedLettuceConnectionFactory} before servers that are more than one.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LettuceTopologiesIT {

	private static final String NAME = "app";

	private static final Duration SOON = Duration.ofSeconds(10);

	@Test
	void clusterCountsTheSocketsToTheBusiestNodeAndResizesLive() {
		try (RedisCluster cluster = RedisCluster.start(3, (node) -> node.maxClients(40))) {
			GovernedLettuceConnectionFactory factory = start(
					new LettuceConnectionFactory(address(cluster), client().build()), PoolSize.of(4, 12));
			LettuceManagedPool pool = factory.managedPool();
			try {
				await().atMost(SOON).until(() -> pool.counts().equals(new PoolCounts(4, 4, 0, 0)));
				List<RedisConnection> borrowed = new ArrayList<>();
				for (int i = 0; i < 6; i++) {
					borrowed.add(used(factory));
				}
				assertThat(pool.counts()).isEqualTo(new PoolCounts(12, 0, 12, 0));
				assertThat(busiestOf(cluster)).isEqualTo(12);
				pool.resize(PoolSize.of(0, 5));
				borrowed.forEach(RedisConnection::close);
				await().atMost(SOON).until(() -> pool.counts().equals(new PoolCounts(4, 4, 0, 0)));
				await().atMost(SOON).until(() -> busiestOf(cluster) == 4);
				assertThat(pool.probe(SOON)).isInstanceOf(ServerProbe.Answered.class);
				assertThat(((LimitReading.Granted) pool.read()).limit().connections()).isEqualTo(40);
				assertThat(pool.limitations()).singleElement().asString().startsWith("Cluster:");
				StringRedisTemplate template = new StringRedisTemplate(factory);
				assertThat(template.keys("key*")).hasSize(50);
				assertThat(template.opsForList().leftPop("empty", Duration.ofSeconds(1))).isNull();
				assertThat(busiestOf(cluster)).isLessThanOrEqualTo(5);
			}
			finally {
				factory.destroy();
			}
			await().atMost(SOON).until(() -> busiestOf(cluster) == 0);
		}
	}

	@Test
	void aClusterThatIsDownHoldsUpNothing() {
		RedisCluster cluster = RedisCluster.start(3);
		RedisClusterConfiguration address = address(cluster);
		cluster.close();
		long start = System.nanoTime();
		GovernedLettuceConnectionFactory factory = start(new LettuceConnectionFactory(address, client().build()),
				PoolSize.of(4, 12));
		assertThat(factory.managedPool().read()).isInstanceOf(LimitReading.Unavailable.class);
		factory.destroy();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
	}

	@Test
	void sentinelFollowsTheFailover() {
		try (RedisSentinel servers = RedisSentinel.start()) {
			GovernedLettuceConnectionFactory factory = start(
					new LettuceConnectionFactory(address(servers), client().build()), PoolSize.of(2, 6));
			try {
				used(factory).close();
				StringRedisTemplate template = new StringRedisTemplate(factory);
				template.opsForValue().set("a", "1");
				String before = identity(factory);
				assertThat(clients(servers.primary())).isEqualTo(factory.managedPool().counts().size());
				servers.primary().kill();
				await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
					template.opsForValue().set("b", "2");
					used(factory).close();
					assertThat(identity(factory)).isNotEqualTo(before);
				});
				await().atMost(SOON)
					.untilAsserted(() -> assertThat(clients(servers.replica()))
						.isEqualTo(factory.managedPool().counts().size()));
			}
			finally {
				factory.destroy();
			}
		}
	}

	@Test
	void readingFromReplicasKeepsTheBoundOnEachNode() {
		try (RedisServer primary = RedisServer.builder().start();
				RedisServer replica = RedisServer.builder().replicaOf(primary).start()) {
			LettuceConnectionFactory original = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(primary.host(), primary.port()),
					client().readFrom(ReadFrom.REPLICA_PREFERRED).build());
			GovernedLettuceConnectionFactory factory = start(original, PoolSize.of(0, 4));
			try {
				List<RedisConnection> borrowed = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					borrowed.add(used(factory));
				}
				assertThat(clients(primary)).isEqualTo(4);
				assertThat(clients(replica)).isLessThanOrEqualTo(4);
				factory.managedPool().resize(PoolSize.of(0, 1));
				borrowed.forEach(RedisConnection::close);
				await().atMost(SOON).until(() -> clients(primary) == 1 && clients(replica) <= 1);
				assertThat(factory.managedPool().limitations()).singleElement().asString().startsWith("read-from:");
			}
			finally {
				factory.destroy();
			}
		}
	}

	@Test
	void tlsAndPasswordAreTheOriginals() {
		try (RedisServer server = RedisServer.builder().tls().password("secret").start()) {
			RedisStandaloneConfiguration address = new RedisStandaloneConfiguration(server.host(), server.port());
			address.setPassword(RedisPassword.of("secret"));
			LettucePoolingClientConfigurationBuilder client = client();
			client.clientOptions(ClientOptions.builder().sslOptions(trusting(server.certificate())).build());
			client.useSsl();
			GovernedLettuceConnectionFactory factory = start(new LettuceConnectionFactory(address, client.build()),
					PoolSize.of(1, 3));
			try {
				used(factory).close();
				assertThat(factory.isUseSsl()).isTrue();
				assertThat(factory.managedPool().read()).isInstanceOf(LimitReading.Granted.class);
				assertThat(factory.managedPool().probe(SOON)).isInstanceOf(ServerProbe.Answered.class);
			}
			finally {
				factory.destroy();
			}
		}
	}

	private static SslOptions trusting(Path certificate) {
		return SslOptions.builder().trustManager(certificate.toFile()).build();
	}

	private static LettucePoolingClientConfigurationBuilder client() {
		return LettucePoolingClientConfiguration.builder().clientName(NAME);
	}

	private static RedisClusterConfiguration address(RedisCluster cluster) {
		RedisClusterConfiguration address = new RedisClusterConfiguration();
		cluster.nodes().forEach((node) -> address.clusterNode(node.host(), node.port()));
		return address;
	}

	private static RedisSentinelConfiguration address(RedisSentinel servers) {
		RedisSentinelConfiguration address = new RedisSentinelConfiguration().master(servers.master());
		servers.sentinels().forEach((sentinel) -> address.sentinel(sentinel.host(), sentinel.port()));
		return address;
	}

	private static GovernedLettuceConnectionFactory start(LettuceConnectionFactory original, PoolSize size) {
		original.setShareNativeConnection(false);
		GovernedLettuceConnectionFactory factory = new GovernedLettuceConnectionFactory("primary", original,
				LettuceSettings.of(size, Duration.ofSeconds(5), Duration.ofSeconds(5)),
				(task) -> new Thread(task).start());
		factory.afterPropertiesSet();
		return factory;
	}

	/**
	 * A borrowed connection that has talked to every node.
	 */
	private static RedisConnection used(GovernedLettuceConnectionFactory factory) {
		RedisConnection connection = factory.getConnection();
		for (int i = 0; i < 50; i++) {
			byte[] key = ("key" + i).getBytes(StandardCharsets.US_ASCII);
			connection.stringCommands().set(key, new byte[] { 49 });
			connection.stringCommands().get(key);
		}
		return connection;
	}

	private static String identity(GovernedLettuceConnectionFactory factory) {
		return ((LimitReading.Granted) factory.managedPool().read()).identity().value();
	}

	private static int busiestOf(RedisCluster cluster) {
		return cluster.nodes().stream().mapToInt(LettuceTopologiesIT::clients).max().orElseThrow();
	}

	private static int clients(RedisServer node) {
		try (RedisAdmin admin = new RedisAdmin(node)) {
			return admin.clients(NAME).size();
		}
	}

}
