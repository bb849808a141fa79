package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSaturatedException;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of callers that wait for a connection, or may not.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MaxPendingTests {

	private static final Duration LONG = Duration.ofSeconds(60);

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
	void callerThatWouldBeOneTooManyIsRefusedAtOnce() throws Exception {
		GovernedHikariDataSource pool = pool(2, new PressureSettings(3, false), LONG);
		List<Connection> held = List.of(pool.getConnection(), pool.getConnection());
		List<Future<?>> waiting = new ArrayList<>();
		for (int i = 1; i <= 3; i++) {
			waiting.add(this.threads.submit(() -> {
				pool.getConnection().close();
				return null;
			}));
			awaitPending(pool, i);
		}
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(pool::getConnection)
			.withMessage("Pool 'primary' refused a caller at once: 2 of at most 2 open, 2 in use, 0 free, 3 waiting,"
					+ " and at most 3 may wait (pool.database.max-pending). Try again in 60000 ms.")
			.satisfies((ex) -> {
				assertThat((Throwable) ex).isInstanceOf(SQLTransientConnectionException.class);
				assertThat(ex.getShortage().pool()).isEqualTo("primary");
				assertThat(ex.getShortage().counts()).isEqualTo(new PoolCounts(2, 0, 2, 3));
				assertThat(ex.getShortage().max()).isEqualTo(2);
				assertThat(ex.getShortage().retryAfter()).isEqualTo(LONG);
			});
		assertThat(pool.managedPool().trouble().refused()).isEqualTo(1);
		assertThat(pool.managedPool().trouble().timeouts()).isZero();
		for (Connection connection : held) {
			connection.close();
		}
		for (Future<?> caller : waiting) {
			caller.get(30, TimeUnit.SECONDS);
		}
		pool.getConnection().close();
	}

	@Test
	void withoutABoundEverybodyWaits() throws Exception {
		GovernedHikariDataSource pool = pool(1, PressureSettings.NONE, LONG);
		Connection held = pool.getConnection();
		List<Future<?>> waiting = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			waiting.add(this.threads.submit(() -> {
				pool.getConnection().close();
				return null;
			}));
		}
		awaitPending(pool, 50);
		held.close();
		for (Future<?> caller : waiting) {
			caller.get(30, TimeUnit.SECONDS);
		}
	}

	/**
	 * As many callers as connections: each finds one, however many come at once.
	 */
	@Test
	void callerThatFindsAFreeConnectionIsNeverRefused() throws Exception {
		int callers = 8;
		GovernedHikariDataSource pool = pool(callers, new PressureSettings(1, false), LONG);
		fill(pool, callers);
		List<Future<Integer>> all = new ArrayList<>();
		for (int i = 0; i < callers; i++) {
			all.add(this.threads.submit(() -> {
				int borrowed = 0;
				for (int n = 0; n < 3000; n++) {
					try (Connection connection = pool.getConnection()) {
						borrowed += connection.isClosed() ? 0 : 1;
					}
				}
				return borrowed;
			}));
		}
		for (Future<Integer> caller : all) {
			assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo(3000);
		}
		assertThat(pool.managedPool().trouble().refused()).isZero();
	}

	@Test
	void boundIsNeverExceededWhateverTheRace() throws Exception {
		race(this.threads);
	}

	/**
	 * On virtual threads where the JVM has them; else on threads that are made anew each
	 * time.
	 */
	@Test
	void boundHoldsForVirtualThreads() throws Exception {
		ExecutorService virtual = virtualThreads();
		try {
			race(virtual);
		}
		finally {
			virtual.shutdownNow();
		}
	}

	/**
	 * Counts who is in the pool's own borrow, where alone a caller can wait.
	 */
	private static void race(ExecutorService threads) throws Exception {
		int bound = 4;
		int callers = 64;
		AtomicInteger free = new AtomicInteger(3);
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		Map<String, Integer> outcomes = new ConcurrentHashMap<>();
		PendingBound pending = new PendingBound(bound, () -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			try {
				while (free.getAndUpdate((n) -> Math.max(0, n - 1)) == 0) {
					Thread.yield();
				}
				return null;
			}
			finally {
				inside.decrementAndGet();
			}
		}, () -> null, () -> new SQLTransientConnectionException("refused"));
		CountDownLatch start = new CountDownLatch(1);
		List<Future<?>> all = new ArrayList<>();
		for (int i = 0; i < callers; i++) {
			all.add(threads.submit(() -> {
				start.await();
				for (int n = 0; n < 500; n++) {
					try {
						pending.borrow();
						free.incrementAndGet();
						outcomes.merge("served", 1, Integer::sum);
					}
					catch (SQLException ex) {
						outcomes.merge(ex.getMessage(), 1, Integer::sum);
					}
				}
				return null;
			}));
		}
		start.countDown();
		for (Future<?> each : all) {
			each.get(60, TimeUnit.SECONDS);
		}
		assertThat(most.get()).isBetween(1, bound);
		assertThat(pending.inside()).isZero();
		assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(callers * 500);
		assertThat(outcomes).containsKey("served");
	}

	@Test
	void interruptedAndTimedOutCallersLeaveTheirPlace() throws Exception {
		GovernedHikariDataSource pool = pool(1, new PressureSettings(1, false), LONG);
		Connection held = pool.getConnection();
		for (int i = 0; i < 3; i++) {
			Future<Connection> waiting = this.threads.submit(() -> borrowAsSoonAsOneMayWait(pool));
			awaitPending(pool, 1);
			waiting.cancel(true);
			awaitPending(pool, 0);
		}
		Future<Connection> waiting = this.threads.submit(() -> borrowAsSoonAsOneMayWait(pool));
		awaitPending(pool, 1);
		held.close();
		waiting.get(30, TimeUnit.SECONDS).close();
	}

	/**
	 * Whoever leaves HikariCP's queue has its place in ours for a moment yet.
	 */
	private static Connection borrowAsSoonAsOneMayWait(GovernedHikariDataSource pool) throws SQLException {
		while (true) {
			try {
				return pool.getConnection();
			}
			catch (PoolSaturatedException ex) {
				Thread.onSpinWait();
			}
		}
	}

	@Test
	void timeoutTellsTheFacts() throws Exception {
		GovernedHikariDataSource pool = pool(1, PressureSettings.NONE, Duration.ofMillis(300));
		try (Connection held = pool.getConnection()) {
			assertThat(held.isClosed()).isFalse();
			assertThatExceptionOfType(PoolTimeoutException.class).isThrownBy(pool::getConnection)
				.withMessage(
						"Pool 'primary': Connection is not available, request timed out after 300 ms (pool.database.acquire-timeout): "
								+ "1 of at most 1 open, 1 in use, 0 free, 0 waiting.")
				.satisfies((ex) -> {
					assertThat((Throwable) ex).isInstanceOf(SQLTransientConnectionException.class);
					assertThat(ex.getShortage().counts()).isEqualTo(new PoolCounts(1, 0, 1, 0));
					assertThat(ex.getPostMortem()).isNull();
				});
		}
		assertThat(pool.managedPool().trouble().timeouts()).isEqualTo(1);
	}

	@Test
	void timeoutTellsTheVerdict() throws Exception {
		GovernedHikariDataSource pool = pool(1, new PressureSettings(0, true), Duration.ofMillis(500));
		try (Connection held = this.threads.submit((Callable<Connection>) pool::getConnection)
			.get(30, TimeUnit.SECONDS)) {
			assertThat(held.isClosed()).isFalse();
			// for how long it has been held is known from looks at it
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(
						() -> assertThatExceptionOfType(PoolTimeoutException.class).isThrownBy(pool::getConnection)
							.withMessageContaining("Verdict: leak, since 1 of 1 connections")
							.satisfies((ex) -> assertThat(ex.getPostMortem()).isNotNull()));
		}
	}

	private static void fill(GovernedHikariDataSource pool, int count) throws SQLException {
		List<Connection> all = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			all.add(pool.getConnection());
		}
		for (Connection connection : all) {
			connection.close();
		}
	}

	private static void awaitPending(GovernedHikariDataSource pool, int count) {
		await().atMost(Duration.ofSeconds(30)).until(() -> pool.managedPool().counts().pending() == count);
	}

	private GovernedHikariDataSource pool(int size, PressureSettings pressure, Duration acquireTimeout) {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
		settings.setConnectionTimeout(acquireTimeout.toMillis());
		GovernedHikariDataSource pool = new GovernedHikariDataSource("primary", settings, PoolSize.of(0, size),
				SessionDefaults.NONE, pressure, ConnectionPermits.UNLIMITED, this.executor);
		this.pools.add(pool);
		return pool;
	}

	/**
	 * The tests are compiled for Java 17.
	 */
	private static ExecutorService virtualThreads() throws ReflectiveOperationException {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (NoSuchMethodException ex) {
			return Executors.newCachedThreadPool();
		}
	}

}
