package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of pools that are filled before anybody asks.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HikariWarmUpTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final ConnectPace AT_ONCE = new ConnectPace(Duration.ZERO, System::nanoTime, () -> 0.5);

	private final AtomicInteger connects = new AtomicInteger();

	private final AtomicInteger opened = new AtomicInteger();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ExecutorService executor = Executors.newFixedThreadPool(2);

	private final List<GovernedHikariDataSource> pools = new ArrayList<>();

	@AfterEach
	void close() {
		this.pools.forEach(GovernedHikariDataSource::close);
		this.threads.shutdownNow();
		this.executor.shutdownNow();
	}

	@Test
	void opensTheMinimumAndNoMore() throws Exception {
		GovernedHikariDataSource pool = pool(PoolSize.of(10, 20), (connect) -> {
		});
		assertThat(pool.managedPool().missing()).isEqualTo(10);
		pool.managedPool().warmUp(AT_ONCE);
		assertThat(pool.managedPool().missing()).isZero();
		assertThat(pool.managedPool().counts()).isEqualTo(new PoolCounts(10, 10, 0, 0));
		assertThat(this.opened.get()).isEqualTo(10);
		assertThat(pool.managedPool().connects().made()).isEqualTo(10);
	}

	/**
	 * No connect but the first ends before three are under way.
	 */
	@Test
	void connectsAtTheSameTime() throws Exception {
		CountDownLatch three = new CountDownLatch(3);
		GovernedHikariDataSource pool = pool(PoolSize.of(8, 8), (connect) -> {
			if (connect > 1) {
				three.countDown();
				assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
			}
		});
		pool.managedPool().warmUp(AT_ONCE);
		assertThat(three.getCount()).isZero();
		assertThat(pool.managedPool().counts().free()).isEqualTo(8);
	}

	@Test
	void minimumOfNoneStartsNothing() throws Exception {
		GovernedHikariDataSource pool = pool(PoolSize.of(0, 8), (connect) -> {
		});
		pool.managedPool().warmUp(AT_ONCE);
		assertThat(pool.getHikariPoolMXBean()).isNull();
	}

	@Test
	void serverThatIsDownEndsItAtOnce() {
		GovernedHikariDataSource pool = pool(PoolSize.of(5, 8), (connect) -> {
			throw new SQLException("connection refused", "08001");
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pool.managedPool().warmUp(AT_ONCE))
			.withMessage("connection refused");
		assertThat(pool.managedPool().missing()).isEqualTo(5);
		assertThat(pool.managedPool().counts().size()).isZero();
	}

	@Test
	void serverThatIsFullIsAskedAgain() throws Exception {
		GovernedHikariDataSource pool = pool(PoolSize.of(5, 8), (connect) -> {
			if (connect <= 2) {
				throw new SQLException("too many clients", "53300");
			}
		});
		pool.managedPool().warmUp(AT_ONCE);
		assertThat(pool.managedPool().counts().free()).isEqualTo(5);
	}

	@Test
	void whatFailsOnTheWayIsTriedAgain() throws Exception {
		GovernedHikariDataSource pool = pool(PoolSize.of(8, 8), (connect) -> {
			if (connect == 4) {
				throw new SQLException("too many clients", "53300");
			}
		});
		pool.managedPool().warmUp(AT_ONCE);
		assertThat(pool.managedPool().counts()).isEqualTo(new PoolCounts(8, 8, 0, 0));
	}

	@Test
	void callersAreServedWhileItGoesOn() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		GovernedHikariDataSource pool = pool(PoolSize.of(6, 20), (connect) -> {
			if (Thread.currentThread().getName().startsWith("warm-up-")
					&& !Thread.currentThread().getName().equals("warm-up-test")) {
				release.await();
			}
		});
		Future<?> warmUp = inThread(pool);
		await().atMost(LONG).until(() -> pool.managedPool().counts().size() >= 5);
		try (Connection first = pool.getConnection(); Connection second = pool.getConnection()) {
			assertThat(first.isClosed() || second.isClosed()).isFalse();
		}
		release.countDown();
		warmUp.get(30, TimeUnit.SECONDS);
		assertThat(pool.managedPool().missing()).isZero();
	}

	@Test
	void poolThatIsClosedMeanwhileLeavesNoConnection() throws Exception {
		CountDownLatch under = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		GovernedHikariDataSource pool = pool(PoolSize.of(6, 6), (connect) -> {
			if (connect > 1) {
				under.countDown();
				release.await();
			}
		});
		Future<?> warmUp = inThread(pool);
		assertThat(under.await(30, TimeUnit.SECONDS)).isTrue();
		Future<?> closing = this.threads.submit(pool::close);
		warmUp.get(30, TimeUnit.SECONDS);
		release.countDown();
		closing.get(60, TimeUnit.SECONDS);
		await().atMost(LONG).until(() -> this.opened.get() == 0);
	}

	@Test
	void minimumThatFallsMeanwhileLeavesNoMoreThanFits() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		GovernedHikariDataSource pool = pool(PoolSize.of(8, 8), (connect) -> {
			if (connect > 3) {
				release.await();
			}
		});
		Future<?> warmUp = inThread(pool);
		await().atMost(LONG).until(() -> this.connects.get() > 3);
		pool.managedPool().resize(PoolSize.of(2, 2));
		release.countDown();
		warmUp.get(30, TimeUnit.SECONDS);
		await().atMost(LONG).until(() -> this.opened.get() == 2 && pool.managedPool().counts().size() == 2);
	}

	private Future<?> inThread(GovernedHikariDataSource pool) {
		return this.threads.submit(() -> {
			Thread.currentThread().setName("warm-up-test");
			pool.managedPool().warmUp(AT_ONCE);
			return null;
		});
	}

	private GovernedHikariDataSource pool(PoolSize size, Connecting connecting) {
		HikariConfig settings = new HikariConfig();
		JdbcDataSource h2 = new JdbcDataSource();
		h2.setURL("jdbc:h2:mem:" + UUID.randomUUID());
		settings.setDataSource(new Counted(h2, connecting));
		settings.setConnectionTimeout(60_000);
		GovernedHikariDataSource pool = new GovernedHikariDataSource("primary", settings, size, SessionDefaults.NONE,
				ConnectionPermits.UNLIMITED, this.executor);
		this.pools.add(pool);
		return pool;
	}

	/**
	 * What happens before a connection is opened.
	 */
	private interface Connecting {

		void before(int connect) throws Exception;

	}

	private final class Counted extends DelegatingDataSource {

		private final DataSource target;

		private final Connecting connecting;

		Counted(DataSource target, Connecting connecting) {
			this.target = target;
			this.connecting = connecting;
		}

		@Override
		DataSource target() {
			return this.target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			try {
				this.connecting.before(HikariWarmUpTests.this.connects.incrementAndGet());
			}
			catch (SQLException | RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new SQLException(ex);
			}
			Connection connection = super.getConnection();
			HikariWarmUpTests.this.opened.incrementAndGet();
			return new DelegatingConnection(connection) {

				private boolean closed;

				@Override
				public void close() throws SQLException {
					closedOnce();
					super.close();
				}

				@Override
				public void abort(Executor executor) throws SQLException {
					closedOnce();
					super.abort(executor);
				}

				private synchronized void closedOnce() {
					if (!this.closed) {
						this.closed = true;
						HikariWarmUpTests.this.opened.decrementAndGet();
					}
				}

			};
		}

	}

}
