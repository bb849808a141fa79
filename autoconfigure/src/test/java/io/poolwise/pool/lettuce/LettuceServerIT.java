package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.poolwise.budget.LimitReading;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import io.poolwise.testservers.RedisServer;
import io.poolwise.testservers.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What {@link LettuceManagedPool} learns of its server: its limit, and whether it is
 * there.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LettuceServerIT {

	private static final Duration SOON = Duration.ofSeconds(30);

	private RedisServer server;

	private RedisFactories factories;

	@BeforeEach
	void startServer() {
		this.server = RedisServer.builder()
			.maxClients(40)
			.user("ordinary", "secret", "~* &* +@all -@dangerous")
			.user("configurer", "secret", "~* &* +@all -info")
			.start();
		this.factories = new RedisFactories(this.server);
	}

	@AfterEach
	void stopServer() {
		this.factories.close();
		this.server.close();
	}

	@Test
	void readsTheLimitBeforeAndAfterTheStart() {
		LettuceManagedPool pool = start(PoolSize.of(0, 4), (original) -> original.setEarlyStartup(false)).managedPool();
		LimitReading.Granted before = (LimitReading.Granted) pool.read();
		assertThat(before.limit().connections()).isEqualTo(40);
		assertThat(before.limit().reasons()).singleElement().asString().matches("Redis [0-9.]+: maxclients 40");
		LettuceManagedPool other = start(PoolSize.of(0, 4)).managedPool();
		assertThat(((LimitReading.Granted) other.read()).identity()).isEqualTo(before.identity());
		assertThat(other.counts()).isEqualTo(PoolCounts.EMPTY);
		try (RedisAdmin admin = new RedisAdmin(this.server)) {
			await().atMost(SOON).until(() -> admin.others() == 0);
			admin.commands().configSet("maxclients", "30");
			assertThat(((LimitReading.Granted) other.read()).limit().connections()).isEqualTo(30);
		}
	}

	@Test
	void aUserWithoutTheRightIsToldTheKey() {
		GovernedLettuceConnectionFactory factory = start(PoolSize.of(0, 4), user("ordinary"));
		assertThat(factory.managedPool().read()).isInstanceOfSatisfying(LimitReading.Unavailable.class,
				(reading) -> assertThat(reading.reason()).contains("NOPERM", "pool.redis.budget.limit"));
		assertThat(factory.managedPool().probe(SOON)).isInstanceOf(ServerProbe.Answered.class);
		assertThat(factory.getConnection().ping()).isEqualTo("PONG");
	}

	@Test
	void asksTheConfigurationWhereInfoIsForbidden() {
		LettuceManagedPool pool = start(PoolSize.of(0, 4), user("configurer")).managedPool();
		LimitReading.Granted reading = (LimitReading.Granted) pool.read();
		assertThat(reading.limit().connections()).isEqualTo(40);
		assertThat(reading.identity().value()).isEqualTo(this.server.host() + ":" + this.server.port());
	}

	@Test
	void aServerThatDoesNotAnswerCostsABoundedTime() {
		GovernedLettuceConnectionFactory shared = start(PoolSize.of(0, 4));
		assertThat(shared.getConnection().ping()).isEqualTo("PONG");
		LettuceManagedPool fresh = start(PoolSize.of(0, 4)).managedPool();
		try (RedisAdmin admin = new RedisAdmin(this.server)) {
			admin.commands().clientPause(8000);
			long start = System.nanoTime();
			assertThat(shared.managedPool().probe(Duration.ofMillis(300)))
				.isEqualTo(new ServerProbe.Failed("no answer within 300 ms"));
			assertThat(fresh.probe(Duration.ofMillis(300)))
				.isEqualTo(new ServerProbe.Failed("no answer within 300 ms"));
			assertThat(fresh.read()).isEqualTo(new LimitReading.Unavailable("no answer within 2 s"));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}
	}

	@Test
	void aLimitThatComesLateRaisesDoubt() {
		LettuceManagedPool pool = start(PoolSize.of(0, 4)).managedPool();
		AtomicInteger doubts = new AtomicInteger();
		pool.onDoubt(doubts::incrementAndGet);
		try (RedisAdmin admin = new RedisAdmin(this.server)) {
			admin.commands().clientPause(3000);
			assertThat(pool.read()).isInstanceOf(LimitReading.Unavailable.class);
			assertThat(doubts).hasValue(0);
			await().atMost(SOON).until(() -> doubts.get() == 1);
			assertThat(pool.read()).isInstanceOf(LimitReading.Granted.class);
		}
	}

	@Test
	void probesOverTheSharedConnectionHoweverBusyThePoolIs() {
		GovernedLettuceConnectionFactory factory = start(PoolSize.of(0, 2));
		RedisConnection connection = factory.getConnection();
		assertThat(connection.ping()).isEqualTo("PONG");
		connection.multi();
		assertThat(factory.managedPool().probe(SOON)).isInstanceOf(ServerProbe.Answered.class);
		try (RedisAdmin admin = new RedisAdmin(this.server)) {
			assertThat(admin.others()).as("no connection of the probe").isEqualTo(2);
		}
		connection.close();
	}

	@Test
	void recoversWhenTheServerComesBackAndRaisesDoubt() {
		GovernedLettuceConnectionFactory factory = start(PoolSize.of(2, 4));
		LettuceManagedPool pool = factory.managedPool();
		AtomicInteger doubts = new AtomicInteger();
		pool.onDoubt(doubts::incrementAndGet);
		StringRedisTemplate template = new StringRedisTemplate(factory);
		template.opsForValue().set("key", "value");
		await().atMost(SOON).until(() -> pool.counts().free() == 1);
		this.server.stop();
		await().atMost(SOON).until(() -> pool.probe(Duration.ofSeconds(1)) instanceof ServerProbe.Failed);
		RedisConnection connection = factory.getConnection();
		long start = System.nanoTime();
		assertThatThrownBy(connection::multi).hasStackTraceContaining("Connection refused");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(RedisFactories.ACQUIRE_TIMEOUT.plus(SOON));
		connection.close();
		assertThat(pool.connectFailure()).get().asString().contains("Connection refused");
		assertThat(doubts).hasValue(0);
		this.server.restart();
		await().atMost(Duration.ofSeconds(20))
			.ignoreExceptions()
			.until(() -> "value".equals(template.opsForValue().get("key")));
		await().atMost(SOON).until(() -> doubts.get() > 0);
		connection = factory.getConnection();
		connection.multi();
		connection.discard();
		connection.close();
		assertThat(pool.connectFailure()).isEmpty();
		assertThat(pool.probe(SOON)).isInstanceOf(ServerProbe.Answered.class);
		try (RedisAdmin admin = new RedisAdmin(this.server)) {
			await().atMost(SOON).until(() -> admin.others() == pool.counts().size());
		}
	}

	@Test
	void aStalledNetworkCostsCallersTheirTimeoutsAndNoPlaceInThePool() {
		try (TcpProxy network = TcpProxy.before(this.server)) {
			LettuceConnectionFactory original = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(network.host(), network.port()),
					LettucePoolingClientConfiguration.builder().commandTimeout(Duration.ofSeconds(1)).build());
			GovernedLettuceConnectionFactory factory = this.factories.start("primary", original,
					LettuceSettings.of(PoolSize.of(0, 3), Duration.ofMillis(500), Duration.ofSeconds(1)));
			RedisConnection held = factory.getConnection();
			held.multi();
			network.stall();
			long start = System.nanoTime();
			for (int i = 0; i < 5; i++) {
				RedisConnection connection = factory.getConnection();
				assertThatExceptionOfType(RedisConnectionFailureException.class).isThrownBy(connection::multi);
				connection.close();
			}
			assertThat(factory.managedPool().probe(Duration.ofMillis(500))).isInstanceOf(ServerProbe.Failed.class);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON.multipliedBy(2));
			network.heal();
			held.close();
			await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
				try (RedisConnection connection = factory.getConnection()) {
					connection.multi();
					connection.discard();
					return connection.ping().equals("PONG");
				}
			});
			try (RedisAdmin admin = new RedisAdmin(this.server)) {
				await().atMost(SOON).until(() -> admin.others() == factory.managedPool().counts().size());
			}
			assertThat(factory.managedPool().counts().size()).isLessThanOrEqualTo(3);
		}
	}

	@Test
	void aServerThatIsDownAtTheStartHoldsUpNothing() {
		this.server.stop();
		long start = System.nanoTime();
		GovernedLettuceConnectionFactory factory = start(PoolSize.of(2, 4));
		assertThat(factory.managedPool().read()).isInstanceOfSatisfying(LimitReading.Unavailable.class,
				(reading) -> assertThat(reading.reason()).contains("Connection refused"));
		assertThatThrownBy(() -> factory.getConnection().ping()).hasStackTraceContaining("Connection refused");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
		this.server.restart();
		await().atMost(Duration.ofSeconds(10))
			.ignoreExceptions()
			.until(() -> "PONG".equals(factory.getConnection().ping()));
	}

	private GovernedLettuceConnectionFactory start(PoolSize size) {
		return start(size, (original) -> {
		});
	}

	private GovernedLettuceConnectionFactory start(PoolSize size, Consumer<LettuceConnectionFactory> customizer) {
		return this.factories.start("primary",
				LettuceSettings.of(size, Duration.ofSeconds(2), RedisFactories.COMMAND_TIMEOUT), customizer);
	}

	private static Consumer<LettuceConnectionFactory> user(String name) {
		return (original) -> {
			original.getStandaloneConfiguration().setUsername(name);
			original.getStandaloneConfiguration().setPassword(RedisPassword.of("secret"));
		};
	}

}
