package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Callers that wait for a Redis connection, or may not, on a real server.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedisMaxPendingIT {

	private static RedisServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final RedisFactories factories = new RedisFactories(server);

	@BeforeAll
	static void startServer() {
		server = RedisServer.builder().start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@AfterEach
	void close() {
		this.factories.close();
		this.threads.shutdownNow();
	}

	@Test
	void callerThatWouldBeOneTooManyIsRefusedAtOnce() throws Exception {
		GovernedLettuceConnectionFactory factory = factory(3);
		List<RedisConnection> held = List.of(dedicated(factory), dedicated(factory));
		List<Future<?>> waiting = new ArrayList<>();
		for (int i = 1; i <= 3; i++) {
			int count = i;
			waiting.add(this.threads.submit(() -> dedicated(factory).close()));
			await().atMost(Duration.ofSeconds(30)).until(() -> factory.managedPool().counts().pending() == count);
		}
		assertThatExceptionOfType(RedisPoolSaturatedException.class).isThrownBy(() -> dedicated(factory))
			.withMessage(
					"Redis pool 'cache' refused a caller at once: 2 of at most 2 open, 2 in use, 0 free, 3 waiting,"
							+ " and at most 3 may wait (pool.redis.max-pending). Try again in 60000 ms.")
			.satisfies((ex) -> {
				assertThat((Throwable) ex).isInstanceOf(RedisConnectionFailureException.class);
				assertThat(ex.getShortage().counts()).isEqualTo(new PoolCounts(2, 0, 2, 3));
				assertThat(ex.getShortage().retryAfter()).isEqualTo(Duration.ofSeconds(60));
			});
		ReactiveStringRedisTemplate reactive = new ReactiveStringRedisTemplate(factory);
		assertThatExceptionOfType(RedisPoolSaturatedException.class)
			.isThrownBy(() -> reactive.opsForValue().get("key").block(Duration.ofSeconds(30)));
		assertThat(factory.managedPool().trouble().refused()).isEqualTo(2);
		held.forEach(RedisConnection::close);
		for (Future<?> caller : waiting) {
			caller.get(30, TimeUnit.SECONDS);
		}
		dedicated(factory).close();
		assertThat(factory.managedPool().trouble().timeouts()).isZero();
	}

	@Test
	void callerThatFindsAFreeConnectionIsNeverRefused() throws Exception {
		GovernedLettuceConnectionFactory factory = factory(1);
		RedisConnection first = dedicated(factory);
		RedisConnection second = dedicated(factory);
		first.close();
		second.close();
		List<Future<?>> callers = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			callers.add(this.threads.submit(() -> {
				for (int n = 0; n < 1000; n++) {
					dedicated(factory).close();
				}
			}));
		}
		for (Future<?> caller : callers) {
			caller.get(60, TimeUnit.SECONDS);
		}
		assertThat(factory.managedPool().trouble().refused()).isZero();
	}

	private GovernedLettuceConnectionFactory factory(int maxPending) {
		LettuceSettings settings = new LettuceSettings(PoolSize.of(0, 2), Duration.ofSeconds(60), maxPending,
				Duration.ofSeconds(10), Integer.MAX_VALUE, Duration.ofSeconds(30));
		return this.factories.start("cache", settings, (original) -> original.setShareNativeConnection(false));
	}

	/**
	 * Connections are borrowed at the first command.
	 */
	private static RedisConnection dedicated(GovernedLettuceConnectionFactory factory) {
		RedisConnection connection = factory.getConnection();
		connection.ping();
		return connection;
	}

}
