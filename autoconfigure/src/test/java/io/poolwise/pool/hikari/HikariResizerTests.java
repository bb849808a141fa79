package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.ConnectionPermits.Permit;
import io.poolwise.pool.ConnectionPermits.Retirement;
import io.poolwise.pool.PoolSize;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link HikariResizer}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HikariResizerTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	@AfterEach
	void close() {
		this.executor.shutdownNow();
	}

	/**
	 * Between the two steps of a close, the connection is neither open nor no longer
	 * retiring. Here each of them falls into the middle of the shrink.
	 */
	@Test
	void shrinkIsCompleteThoughConnectionsCloseMeanwhile() throws SQLException {
		ConnectionGate gate = gate(40);
		try (HikariDataSource pool = new SlowToEvict(gate)) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 40), this.executor);
			for (Connection connection : borrow(pool, 40)) {
				connection.close();
			}
			resizer.resize(PoolSize.of(0, 5));
			await().atMost(LONG).until(() -> gate.open() == 5);
		}
	}

	/**
	 * Whoever came back before the target fell, and was slow, may say only afterwards
	 * that nobody needs to hear of returns.
	 */
	@Test
	void shrinkIsCompleteThoughAReturnSawTheFormerSize() throws SQLException {
		ConnectionGate gate = gate(10);
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 10), this.executor);
			List<Connection> borrowed = borrow(pool, 10);
			resizer.resize(PoolSize.of(0, 4));
			gate.watch().watchReturns(false);
			for (Connection connection : borrowed) {
				connection.close();
			}
			await().atMost(LONG).until(() -> gate.open() == 4);
		}
	}

	@Test
	void connectionThatWasClosedIsNotRetiredAnyMore() throws SQLException {
		ConnectionGate gate = gate(6);
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 6), this.executor);
			List<Connection> borrowed = borrow(pool, 6);
			GateConnection broken = borrowed.get(0).unwrap(GateConnection.class);
			broken.cut();
			for (Connection connection : borrowed) {
				connection.close();
			}
			broken.retire();
			resizer.resize(PoolSize.of(0, 3));
			await().atMost(LONG).until(() -> gate.open() == 3);
		}
	}

	@Test
	void connectionsThatNobodyEverBorrowedAreRetired() throws SQLException {
		ConnectionGate gate = gate(6);
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(6, 6), this.executor);
			borrow(pool, 1).get(0).close();
			await().atMost(LONG).until(() -> pool.getHikariPoolMXBean().getIdleConnections() == 6);
			resizer.resize(PoolSize.of(0, 6));
			gate.connections().forEach(GateConnection::retire);
			await().atMost(LONG).until(() -> gate.open() == 0);
			assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isZero();
		}
	}

	/**
	 * HikariCP looks whether a connection is to be evicted, then puts it back. Who evicts
	 * it in between finds it in use, and would leave it in the pool.
	 */
	@Test
	void connectionThatIsEvictedWhileItIsPutBackIsClosed() throws Exception {
		CountDownLatch puttingBack = new CountDownLatch(1);
		CountDownLatch evicted = new CountDownLatch(1);
		ConnectionGate gate = gate(2, (connection) -> new DelegatingConnection(connection) {

			@Override
			public void endRequest() {
				puttingBack.countDown();
				await().atMost(LONG).until(() -> evicted.getCount() == 0);
			}

		});
		System.setProperty("com.zaxxer.hikari.enableRequestBoundaries", "true");
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 2), this.executor);
			List<Connection> borrowed = borrow(pool, 2);
			Thread returning = new Thread(() -> closeQuietly(borrowed.get(0)));
			returning.start();
			assertThat(puttingBack.await(30, TimeUnit.SECONDS)).isTrue();
			resizer.resize(PoolSize.of(0, 1));
			evicted.countDown();
			returning.join(30_000);
			await().atMost(LONG).until(() -> gate.open() == 1);
			closeQuietly(borrowed.get(1));
		}
		finally {
			System.clearProperty("com.zaxxer.hikari.enableRequestBoundaries");
		}
	}

	/**
	 * As long as connections are being closed, they could be some that are being opened.
	 */
	@Test
	void overflowOpensWhenCallersWaitAndNothingIsComing() throws Exception {
		CountDownLatch close = new CountDownLatch(1);
		HikariConfig settings = new HikariConfig();
		settings.setDataSource(database((connection) -> new DelegatingConnection(connection) {

			@Override
			public void close() throws SQLException {
				await().atMost(LONG).until(() -> close.getCount() == 0);
				super.close();
			}

		}));
		settings.setConnectionTimeout(LONG.toMillis());
		settings.setInitializationFailTimeout(-1);
		try (GovernedHikariDataSource pool = new GovernedHikariDataSource("primary", settings, PoolSize.of(0, 4),
				SessionDefaults.NONE, ConnectionPermits.UNLIMITED, this.executor)) {
			List<Connection> borrowed = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				borrowed.add(pool.getConnection());
			}
			borrowed.remove(3).close();
			borrowed.remove(2).close();
			pool.managedPool().resize(new PoolSize(0, 2, 1));
			await().atMost(LONG).until(() -> pool.getHikariPoolMXBean().getTotalConnections() == 2);
			CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> {
				try (Connection connection = pool.getConnection()) {
					assertThat(connection.isClosed()).isFalse();
				}
				catch (SQLException ex) {
					throw new CompletionException(ex);
				}
			});
			await().atMost(LONG).until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
			close.countDown();
			assertThat(caller).succeedsWithin(Duration.ofSeconds(20));
			for (Connection connection : borrowed) {
				connection.close();
			}
		}
	}

	/**
	 * Between the two steps of a close nobody can tell that one more is too many.
	 */
	@Test
	void shrinkIsNotForgottenThoughACloseHidesIt() throws Exception {
		CountDownLatch closing = new CountDownLatch(1);
		CountDownLatch shrunk = new CountDownLatch(1);
		Permit slow = new SlowToClose(closing, shrunk);
		ConnectionGate gate = new ConnectionGate(database((connection) -> connection), (connection) -> {
		}, (patience) -> slow, new QueryLimit(0), 3, LONG::toMillis);
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			// else HikariCP closes a first connection, too
			pool.setInitializationFailTimeout(-1);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 3), this.executor);
			List<Connection> borrowed = borrow(pool, 3);
			GateConnection first = borrowed.get(0).unwrap(GateConnection.class);
			borrowed.forEach(HikariResizerTests::closeQuietly);
			first.retire();
			assertThat(closing.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(gate.open()).isEqualTo(2);
			resizer.resize(PoolSize.of(0, 1));
			CompletableFuture.runAsync(() -> {
			}, this.executor).get(30, TimeUnit.SECONDS);
			assertThat(gate.open()).isEqualTo(2);
			shrunk.countDown();
			await().atMost(LONG).until(() -> gate.open() == 1);
		}
	}

	/**
	 * The fleet wants it back while it is prepared, and that fails.
	 */
	@Test
	void connectionThatNeverCameIsNotRetiredAnyMore() throws SQLException {
		AtomicReference<Retirement> retirement = new AtomicReference<>();
		AtomicInteger prepared = new AtomicInteger();
		Permit permit = new SlowToClose(new CountDownLatch(0), new CountDownLatch(0)) {

			@Override
			public void settle(Connection session, Retirement wanted) {
				retirement.set(wanted);
			}

		};
		ConnectionGate gate = new ConnectionGate(database((connection) -> connection), (connection) -> {
			if (prepared.getAndIncrement() == 0) {
				retirement.get().retire();
				throw new SQLException("not now");
			}
		}, (patience) -> permit, new QueryLimit(0), 3, LONG::toMillis);
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 3), this.executor);
			assertThatExceptionOfType(SQLException.class).isThrownBy(gate::getConnection).withMessage("not now");
			borrow(pool, 3).forEach(HikariResizerTests::closeQuietly);
			resizer.resize(PoolSize.of(0, 1));
			await().atMost(LONG).until(() -> gate.open() == 1);
		}
	}

	@Test
	void connectionThatArrivesAfterTheTargetFellIsClosed() throws Exception {
		CountDownLatch connecting = new CountDownLatch(2);
		CountDownLatch resized = new CountDownLatch(1);
		ConnectionGate gate = gate(2, (connection) -> {
			connecting.countDown();
			await().atMost(LONG).until(() -> connecting.getCount() == 1 || resized.getCount() == 0);
			return connection;
		});
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(2, 2), this.executor);
			List<Connection> borrowed = borrow(pool, 1);
			assertThat(connecting.await(30, TimeUnit.SECONDS)).isTrue();
			resizer.resize(PoolSize.of(0, 1));
			resized.countDown();
			await().atMost(LONG).until(() -> gate.open() == 1);
			assertThat(borrowed.get(0).isValid(1)).isTrue();
			closeQuietly(borrowed.get(0));
		}
	}

	@Test
	void anErrorEndsNoRetirement() throws SQLException {
		ConnectionGate gate = gate(4);
		AtomicInteger failures = new AtomicInteger(3);
		try (HikariDataSource pool = new HikariDataSource() {

			@Override
			public void evictConnection(Connection connection) {
				if (failures.getAndDecrement() > 0) {
					throw new OutOfMemoryError("once more");
				}
				super.evictConnection(connection);
			}

		}) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 4), this.executor);
			for (Connection connection : borrow(pool, 4)) {
				connection.close();
			}
			resizer.resize(PoolSize.of(0, 1));
			await().atMost(LONG).until(() -> gate.open() == 1);
			assertThat(failures).hasNegativeValue();
		}
	}

	@Test
	void neverMoreAreClaimedThanAreTooMany() throws Exception {
		ConnectionGate gate = gate(40);
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setMaximumPoolSize(40);
			pool.setMinimumIdle(0);
			pool.setDataSource(gate);
			Retirements retirements = new Retirements(pool, gate, () -> 13);
			List<Connection> borrowed = borrow(pool, 40);
			AtomicInteger claimed = new AtomicInteger();
			List<CompletableFuture<Void>> claims = new ArrayList<>();
			CountDownLatch start = new CountDownLatch(1);
			for (Connection connection : borrowed) {
				GateConnection physical = connection.unwrap(GateConnection.class);
				claims.add(CompletableFuture.runAsync(() -> {
					await().until(() -> start.getCount() == 0);
					claimed.addAndGet(retirements.claimExcess(physical) ? 1 : 0);
				}, (task) -> new Thread(task).start()));
			}
			start.countDown();
			CompletableFuture.allOf(claims.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
			assertThat(claimed).hasValue(27);
			assertThat(retirements.hasExcess()).isFalse();
			GateConnection one = gate.connections()
				.stream()
				.filter(GateConnection::isRetiring)
				.findFirst()
				.orElseThrow();
			assertThat(retirements.claim(one)).isFalse();
			assertThat(retirements.hasExcess()).isFalse();
			borrowed.forEach(HikariResizerTests::closeQuietly);
		}
	}

	@Test
	void connectionsThatStayAreAskedBeforeTheirNextUse() throws SQLException {
		ConnectionGate gate = gate(6);
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(6, 6), this.executor);
			borrow(pool, 1).get(0).close();
			await().atMost(LONG).until(() -> pool.getHikariPoolMXBean().getIdleConnections() == 6);
			// for half a second HikariCP itself would not ask
			await().pollDelay(Duration.ofMillis(600)).until(() -> true);
			resizer.resize(PoolSize.of(0, 6));
			List<GateConnection> last = new ArrayList<>(gate.connections());
			last.remove(last.stream().filter((connection) -> !connection.wasNeverBorrowed()).findFirst().orElseThrow());
			last.get(last.size() - 1).retire();
			await().atMost(LONG).until(() -> gate.open() == 5);
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			for (GateConnection connection : gate.connections()) {
				if (connection.isUnasked()) {
					assertThat(connection.isValid(1)).isTrue();
					assertThat(connection.isUnasked()).isFalse();
				}
			}
		}
	}

	private static void closeQuietly(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<Connection> borrow(HikariDataSource pool, int count) throws SQLException {
		List<Connection> borrowed = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Connection connection = pool.getConnection();
			connection.unwrap(GateConnection.class).borrowedAs(connection);
			borrowed.add(connection);
		}
		return borrowed;
	}

	private static ConnectionGate gate(int limit) {
		return gate(limit, (connection) -> connection);
	}

	private static ConnectionGate gate(int limit, UnaryOperator<Connection> session) {
		return new ConnectionGate(database(session), (connection) -> {
		}, ConnectionPermits.UNLIMITED, new QueryLimit(0), limit, LONG::toMillis);
	}

	private static DataSource database(UnaryOperator<Connection> session) {
		JdbcDataSource database = new JdbcDataSource();
		database.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		return new DelegatingDataSource() {

			@Override
			DataSource target() {
				return database;
			}

			@Override
			public Connection getConnection() throws SQLException {
				return session.apply(super.getConnection());
			}

		};
	}

	/**
	 * Holds up the close of the connections that it was given for.
	 */
	private static class SlowToClose implements Permit {

		private final CountDownLatch closing;

		private final CountDownLatch go;

		SlowToClose(CountDownLatch closing, CountDownLatch go) {
			this.closing = closing;
			this.go = go;
		}

		@Override
		public void unused() {
		}

		@Override
		public void failed(Throwable failure) {
		}

		@Override
		public void settle(Connection session, Retirement retirement) {
		}

		@Override
		public void closed() {
			this.closing.countDown();
			await().atMost(LONG).until(() -> this.go.getCount() == 0);
		}

	}

	/**
	 * Comes back from an eviction only when that connection is no longer open.
	 */
	private static final class SlowToEvict extends HikariDataSource {

		private final ConnectionGate gate;

		private boolean waited;

		SlowToEvict(ConnectionGate gate) {
			this.gate = gate;
		}

		@Override
		public void evictConnection(Connection connection) {
			int before = this.gate.open();
			super.evictConnection(connection);
			if (!this.waited) {
				this.waited = true;
				await().atMost(LONG).until(() -> this.gate.open() < before);
			}
		}

	}

}
