package io.poolwise.pool.lettuce;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.ReactiveRedisMessageListenerContainer;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * {@link GovernedLettuceConnectionFactory} as applications use it.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GovernedLettuceConnectionFactoryIT {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final AtomicInteger number = new AtomicInteger();

	private static RedisServer server;

	private static RedisAdmin admin;

	private RedisFactories factories;

	private String name;

	@BeforeAll
	static void startServer() {
		server = RedisServer.builder().user("app", "secret", "~* &* +@all").start();
		admin = new RedisAdmin(server);
	}

	@AfterAll
	static void stopServer() {
		admin.close();
		server.close();
	}

	@BeforeEach
	void prepare() {
		this.factories = new RedisFactories(server);
		this.name = "app-" + number.incrementAndGet();
	}

	@AfterEach
	void destroyFactories() {
		this.factories.close();
	}

	@Test
	void countsConnectionsOfEveryType() {
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name, PoolSize.of(0, 10));
		StringRedisTemplate template = new StringRedisTemplate(factory);
		template.opsForValue().set("key", "value");
		assertAgreed(factory, new PoolCounts(1, 0, 1, 0));

		ReactiveStringRedisTemplate reactive = new ReactiveStringRedisTemplate(factory);
		assertThat(reactive.opsForValue().get("key").block(SOON)).isEqualTo("value");
		assertAgreed(factory, new PoolCounts(2, 0, 2, 0));

		RedisMessageListenerContainer container = listen(factory, new ArrayList<>());
		assertAgreed(factory, new PoolCounts(3, 0, 3, 0));

		RedisConnection transaction = factory.getConnection();
		transaction.multi();
		assertAgreed(factory, new PoolCounts(4, 0, 4, 0));

		ReactiveRedisMessageListenerContainer reactiveContainer = new ReactiveRedisMessageListenerContainer(factory);
		var subscription = reactiveContainer.receive(ChannelTopic.of("news")).subscribe();
		await().atMost(SOON).until(() -> factory.managedPool().counts().used() == 5);
		assertAgreed(factory, new PoolCounts(5, 0, 5, 0));

		transaction.discard();
		transaction.close();
		assertAgreed(factory, new PoolCounts(5, 1, 4, 0));

		subscription.dispose();
		reactiveContainer.destroy();
		container.stop();
		await().atMost(SOON).until(() -> factory.managedPool().counts().used() == 2);
		assertAgreed(factory, new PoolCounts(5, 3, 2, 0));
	}

	@Test
	void allTypesTogetherStayWithinTheBound() throws Exception {
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name,
				LettuceSettings.of(PoolSize.of(0, 3), Duration.ofMillis(400), Duration.ofSeconds(5)), (original) -> {
				});
		StringRedisTemplate template = new StringRedisTemplate(factory);
		template.opsForValue().set("key", "value");
		RedisConnection first = dedicated(factory);
		RedisConnection second = dedicated(factory);
		ReactiveStringRedisTemplate reactive = new ReactiveStringRedisTemplate(factory);
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> reactive.opsForValue().get("key").block(SOON))
			.withMessageContaining("Redis pool '" + this.name + "'")
			.withMessageContaining("within 400 ms: 3 of at most 3 open, 3 in use")
			.withMessageContaining("pool.redis.max-size")
			.withMessageContaining("pool.redis.acquire-timeout");
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> dedicated(factory));
		first.close();
		assertThat(reactive.opsForValue().get("key").block(SOON)).isEqualTo("value");
		second.close();
		List<String> heard = new ArrayList<>();
		RedisMessageListenerContainer container = listen(factory, heard);
		template.convertAndSend("news", "hello");
		await().atMost(SOON).until(() -> heard.contains("hello"));
		assertAgreed(factory, new PoolCounts(3, 0, 3, 0));
		container.destroy();
	}

	@Test
	void transactionsAndPipelinesWork() {
		StringRedisTemplate template = new StringRedisTemplate(this.factories.start(this.name, PoolSize.of(0, 4)));
		List<Object> results = template.execute(new SessionCallback<>() {

			@Override
			@SuppressWarnings("unchecked")
			public <K, V> List<Object> execute(RedisOperations<K, V> operations) throws DataAccessException {
				RedisOperations<String, String> strings = (RedisOperations<String, String>) operations;
				strings.multi();
				strings.opsForValue().set("counter", "41");
				strings.opsForValue().increment("counter");
				return strings.exec();
			}

		});
		assertThat(results).containsExactly(true, 42L);
		List<Object> pipelined = template.executePipelined((RedisConnection connection) -> {
			for (int i = 0; i < 100; i++) {
				connection.stringCommands().incr("counter".getBytes(StandardCharsets.US_ASCII));
			}
			return null;
		});
		assertThat(pipelined).hasSize(100).endsWith(142L);
	}

	@Test
	void blockingCommandsMayTakeTheirBlockTimeOnTopOfTheCommandTimeout() {
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name,
				LettuceSettings.of(PoolSize.of(0, 4), RedisFactories.ACQUIRE_TIMEOUT, Duration.ofMillis(400)),
				(original) -> {
				});
		StringRedisTemplate template = new StringRedisTemplate(factory);
		ReactiveStringRedisTemplate reactive = new ReactiveStringRedisTemplate(factory);
		assertThat(template.opsForList().leftPop("empty", Duration.ofSeconds(1))).isNull();
		assertThat(reactive.opsForList().leftPop("empty", Duration.ofSeconds(1)).block(SOON)).isNull();
		admin.commands().clientPause(5000);
		long start = System.nanoTime();
		assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> template.opsForValue().get("key"));
		assertThatExceptionOfType(QueryTimeoutException.class)
			.isThrownBy(() -> reactive.opsForValue().get("key").block(SOON));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(4900));
		// the next test finds a server that answers
		assertThat(admin.commands().ping()).isEqualTo("PONG");
	}

	@Test
	void survivesARestartOfItself() {
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name, PoolSize.of(2, 4));
		StringRedisTemplate template = new StringRedisTemplate(factory);
		template.opsForValue().set("key", "value");
		factory.stop();
		await().atMost(SOON).until(() -> admin.clients(this.name).isEmpty());
		assertThat(factory.managedPool().counts()).isEqualTo(PoolCounts.EMPTY);
		assertThatThrownBy(() -> template.opsForValue().get("key")).isInstanceOf(IllegalStateException.class);
		factory.managedPool().resize(PoolSize.of(3, 5));
		factory.start();
		assertThat(template.opsForValue().get("key")).isEqualTo("value");
		await().atMost(SOON).until(() -> admin.clients(this.name).size() == 3);
		assertAgreed(factory, new PoolCounts(3, 2, 1, 0));
	}

	@Test
	void takesOverARunningFactory() {
		LettuceConnectionFactory original = original();
		original.setEagerInitialization(true);
		original.afterPropertiesSet();
		assertThat(admin.clients(this.name)).isNotEmpty();
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name, original,
				LettuceSettings.of(PoolSize.of(0, 4), SOON, SOON));
		assertThat(factory.getConnection().ping()).isEqualTo("PONG");
		assertAgreed(factory, new PoolCounts(2, 0, 2, 0));
		factory.destroy();
		await().atMost(SOON).until(() -> admin.clients(this.name).isEmpty());
		original.destroy();
	}

	@Test
	void keepsTheAddressUserAndDatabaseOfTheOriginal() {
		RedisStandaloneConfiguration address = new RedisStandaloneConfiguration(server.host(), server.port());
		address.setUsername("app");
		address.setPassword(RedisPassword.of("secret"));
		address.setDatabase(3);
		LettuceConnectionFactory original = new LettuceConnectionFactory((RedisConfiguration) address);
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name, original,
				LettuceSettings.of(PoolSize.of(0, 4), SOON, SOON));
		try (RedisConnection connection = factory.getConnection()) {
			assertThat(connection.execute("ACL", "WHOAMI".getBytes(StandardCharsets.US_ASCII)))
				.isEqualTo("app".getBytes(StandardCharsets.US_ASCII));
			connection.stringCommands().set("in-three".getBytes(StandardCharsets.US_ASCII), new byte[] { 49 });
		}
		assertThat(admin.commands().get("in-three")).isNull();
		assertThat(factory.getDatabase()).isEqualTo(3);
		assertThat(factory.getPort()).isEqualTo(server.port());
		assertThat(factory.getPassword()).isEqualTo("secret");
	}

	@Test
	void aConnectionThatTheServerClosedIsReplaced() {
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name,
				LettuceSettings.of(PoolSize.of(0, 1), SOON, SOON),
				(original) -> original.setShareNativeConnection(false));
		dedicated(factory).close();
		String line = admin.clients(this.name).get(0);
		admin.commands().clientKill(line.replaceAll(".* addr=([^ ]+) .*", "$1"));
		for (int i = 0; i < 20; i++) {
			RedisConnection connection = factory.getConnection();
			assertThat(connection.ping()).isEqualTo("PONG");
			connection.close();
		}
		assertAgreed(factory, new PoolCounts(1, 1, 0, 0));
	}

	@Test
	void reactiveCallersThatGiveUpLeakNothing() throws Exception {
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name,
				LettuceSettings.of(PoolSize.of(0, 2), SOON, SOON),
				(original) -> original.setShareNativeConnection(false));
		ReactiveStringRedisTemplate reactive = new ReactiveStringRedisTemplate(factory);
		for (int i = 0; i < 200; i++) {
			reactive.opsForValue().get("key").timeout(Duration.ofNanos(i * 20_000L)).onErrorComplete().block(SOON);
		}
		CountDownLatch served = new CountDownLatch(10);
		for (int i = 0; i < 10; i++) {
			reactive.opsForValue().get("key").doFinally((signal) -> served.countDown()).subscribe();
		}
		assertThat(served.await(10, TimeUnit.SECONDS)).isTrue();
		await().atMost(SOON).until(() -> factory.managedPool().counts().used() == 0);
		assertThat(admin.clients(this.name).size()).isEqualTo(factory.managedPool().counts().size());
	}

	@Test
	void reactiveConnectionsAreTypedAsSpringDataWantsThem() {
		GovernedLettuceConnectionFactory factory = this.factories.start(this.name, PoolSize.of(0, 3));
		ReactiveRedisConnection connection = factory.getReactiveConnection();
		assertThat(connection.stringCommands()
			.set(ByteBuffer.wrap(new byte[] { 1 }), ByteBuffer.wrap(new byte[] { 2 }))
			.block(SOON)).isTrue();
		connection.close();
	}

	private LettuceConnectionFactory original() {
		return new LettuceConnectionFactory(new RedisStandaloneConfiguration(server.host(), server.port()),
				LettucePoolingClientConfiguration.builder().clientName(this.name).build());
	}

	private RedisConnection dedicated(GovernedLettuceConnectionFactory factory) {
		RedisConnection connection = factory.getConnection();
		try {
			connection.multi();
			connection.discard();
		}
		catch (RuntimeException ex) {
			connection.close();
			throw ex;
		}
		return connection;
	}

	private RedisMessageListenerContainer listen(GovernedLettuceConnectionFactory factory, List<String> heard) {
		RedisMessageListenerContainer container = new RedisMessageListenerContainer();
		container.setConnectionFactory(factory);
		container.addMessageListener(
				(message, pattern) -> heard.add(new String(message.getBody(), StandardCharsets.UTF_8)),
				ChannelTopic.of("news"));
		container.afterPropertiesSet();
		container.start();
		return container;
	}

	private void assertAgreed(GovernedLettuceConnectionFactory factory, PoolCounts expected) {
		assertThat(factory.managedPool().counts()).isEqualTo(expected);
		assertThat(admin.clients(this.name)).hasSize(expected.size());
	}

}
