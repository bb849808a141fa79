package io.poolwise.pool.lettuce;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.pool.AbstractManagedPoolTests;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link LettuceManagedPool} keeps the contract of a managed pool.
 */
class LettuceManagedPoolIT extends AbstractManagedPoolTests {

	private static final AtomicInteger number = new AtomicInteger();

	private static RedisServer server;

	private static RedisAdmin admin;

	@BeforeAll
	static void startServer() {
		server = RedisServer.builder().start();
		admin = new RedisAdmin(server);
	}

	@AfterAll
	static void stopServer() {
		admin.close();
		server.close();
	}

	@Override
	protected PoolFixture createPool(PoolSize size, Duration acquireTimeout) {
		String clientName = "pool-" + number.incrementAndGet();
		LettuceConnectionFactory original = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration(server.host(), server.port()),
				LettucePoolingClientConfiguration.builder().clientName(clientName).build());
		original.setShareNativeConnection(false);
		GovernedLettuceConnectionFactory factory = new GovernedLettuceConnectionFactory("primary", original,
				LettuceSettings.of(size, acquireTimeout, Duration.ofSeconds(5)), Runnable::run);
		factory.afterPropertiesSet();
		return new Fixture(factory, clientName);
	}

	private record Fixture(GovernedLettuceConnectionFactory factory, String clientName) implements PoolFixture {

		@Override
		public ManagedPool pool() {
			return this.factory.managedPool();
		}

		@Override
		public Borrowed borrow() {
			RedisConnection connection = this.factory.getConnection();
			try {
				connection.ping();
			}
			catch (RuntimeException ex) {
				connection.close();
				throw ex;
			}
			return new BorrowedConnection(connection);
		}

		@Override
		public int serverConnections() {
			return admin.clients(this.clientName).size();
		}

		@Override
		public void close() {
			this.factory.destroy();
		}

	}

	private record BorrowedConnection(RedisConnection connection) implements PoolFixture.Borrowed {

		@Override
		public void work(Duration time) {
			byte[] key = "nothing here".getBytes(StandardCharsets.US_ASCII);
			// older servers take what is below a few milliseconds for "for ever"
			double seconds = Math.max(10, time.toMillis()) / 1000.0;
			assertThat(
					this.connection.execute("BLPOP", key, Double.toString(seconds).getBytes(StandardCharsets.US_ASCII)))
				.isNull();
			assertThat(this.connection.echo(key)).isEqualTo(key);
		}

		@Override
		public void close() {
			this.connection.close();
		}

	}

}
