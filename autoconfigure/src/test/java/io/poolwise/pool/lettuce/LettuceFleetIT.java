package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.api.StatefulConnection;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.RedisServer;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several instances together never exceed what a real server grants.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LettuceFleetIT {

	private static final int MAX_CLIENTS = 40;

	private static final int INSTANCES = 3;

	private static final Duration SOON = Duration.ofSeconds(30);

	private RedisServer server;

	private RedisAdmin admin;

	private RedisFactories factories;

	private final List<GovernedLettuceConnectionFactory> instances = new ArrayList<>();

	@BeforeEach
	void startServer() {
		this.server = RedisServer.builder().maxClients(MAX_CLIENTS).start();
		this.admin = new RedisAdmin(this.server);
		this.factories = new RedisFactories(this.server);
	}

	@AfterEach
	void stopServer() {
		this.factories.close();
		this.admin.close();
		this.server.close();
	}

	@Test
	void atFullLoadNotOneConnectionTooMany(TestReporter reporter) throws Exception {
		// 3 x 13 and the one that counts: exactly what the server grants
		startInstances(13);
		int highest = 0;
		try (RedisLoad load = new RedisLoad(this.instances, 64)) {
			long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
			while (System.nanoTime() < end) {
				highest = Math.max(highest, this.admin.others());
			}
			load.close();
			assertThat(load.failures()).isEmpty();
			assertThat(load.done()).isGreaterThan(500);
			assertThat(RedisLoad.counted(this.admin)).isEqualTo(load.transactions());
			reporter.publishEntry("Redis fleet",
					"%d commands and transactions, highest %d clients and 1 that counts, refused %d"
						.formatted(load.done(), highest, rejected()));
		}
		assertThat(highest).isEqualTo(MAX_CLIENTS - 1);
		assertThat(rejected()).isZero();
	}

	/**
	 * What the other tests would find without us.
	 */
	@Test
	void stockFactoriesOfTheSameSizeAreRefused(TestReporter reporter) throws Exception {
		List<LettuceConnectionFactory> stock = new ArrayList<>();
		try {
			for (int i = 0; i < INSTANCES; i++) {
				stock.add(stock(13));
			}
			try (RedisLoad load = new RedisLoad(stock, 64)) {
				await().atMost(SOON)
					.untilAsserted(() -> assertThat(load.failures()).anySatisfy(
							(failure) -> assertThat(failure).hasStackTraceContaining("max number of clients reached")));
			}
		}
		finally {
			stock.forEach(LettuceConnectionFactory::destroy);
		}
		reporter.publishEntry("Redis stock", "refused %d".formatted(rejected()));
		assertThat(rejected()).isPositive();
	}

	private LettuceConnectionFactory stock(int max) {
		GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
		pool.setMaxTotal(max);
		pool.setMaxIdle(max);
		pool.setMaxWait(RedisFactories.ACQUIRE_TIMEOUT);
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration(this.server.host(), this.server.port()),
				LettucePoolingClientConfiguration.builder().poolConfig(pool).build());
		factory.setShareNativeConnection(false);
		factory.afterPropertiesSet();
		return factory;
	}

	@Test
	void theLimitIsLoweredAndRaisedWhileSixtyFourThreadsWork(TestReporter reporter) throws Exception {
		startInstances(13);
		try (RedisLoad load = new RedisLoad(this.instances, 64)) {
			awaitProgress(load, 200);
			for (int round = 0; round < 3; round++) {
				resizeAll(4);
				await().atMost(SOON).until(() -> this.admin.others() <= INSTANCES * 4);
				this.admin.commands().configSet("maxclients", Integer.toString(INSTANCES * 4 + 1));
				awaitProgress(load, 200);
				assertThat(this.admin.others()).isLessThanOrEqualTo(INSTANCES * 4);
				this.admin.commands().configSet("maxclients", Integer.toString(MAX_CLIENTS));
				resizeAll(13);
				await().atMost(SOON).until(() -> this.admin.others() > INSTANCES * 4);
				awaitProgress(load, 200);
			}
			load.close();
			assertThat(load.failures()).isEmpty();
			assertThat(RedisLoad.counted(this.admin)).isEqualTo(load.transactions());
			reporter.publishEntry("Redis resize",
					"%d commands and transactions, refused %d".formatted(load.done(), rejected()));
		}
		assertThat(rejected()).isZero();
	}

	private void startInstances(int max) {
		for (int i = 0; i < INSTANCES; i++) {
			boolean shared = i > 0;
			this.instances
				.add(this.factories.start("instance-" + i,
						LettuceSettings.of(PoolSize.of(2, max), RedisFactories.ACQUIRE_TIMEOUT,
								RedisFactories.COMMAND_TIMEOUT),
						(original) -> original.setShareNativeConnection(shared)));
		}
	}

	private void resizeAll(int max) {
		this.instances.forEach((instance) -> instance.managedPool().resize(PoolSize.of(2, max)));
	}

	private void awaitProgress(RedisLoad load, int commands) {
		long before = load.done();
		await().atMost(SOON).until(() -> load.done() > before + commands || !load.failures().isEmpty());
	}

	private long rejected() {
		return this.admin.commands()
			.info("stats")
			.lines()
			.filter((line) -> line.startsWith("rejected_connections:"))
			.mapToLong((line) -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
			.sum();
	}

}
