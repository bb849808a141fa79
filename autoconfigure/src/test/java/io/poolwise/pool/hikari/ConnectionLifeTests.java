package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of connections that go before their time: those that ran enough statements, and
 * those above the maximum.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionLifeTests {

	private static final Duration LONG = Duration.ofSeconds(30);

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
	void eachConnectionHasANumberOfItsOwn() {
		assertThat(new QueryLimit(50000, (bound) -> 0).next()).isEqualTo(50000);
		assertThat(new QueryLimit(50000, (bound) -> bound - 1).next()).isEqualTo(37500);
		assertThat(new QueryLimit(1).next()).isEqualTo(1);
		QueryLimit limit = new QueryLimit(50000);
		for (int i = 0; i < 1000; i++) {
			assertThat(limit.next()).isBetween(37500L, 50000L);
		}
		assertThat(new QueryLimit(0).next()).isEqualTo(Long.MAX_VALUE);
		assertThatIllegalArgumentException().isThrownBy(() -> new QueryLimit(-1));
	}

	@Test
	void connectionIsReplacedAfterItsStatements() throws SQLException {
		GovernedHikariDataSource pool = pool(PoolSize.of(0, 1), 8);
		List<Connection> used = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			used.add(use(pool, 1));
		}
		for (Connection connection : used) {
			assertThat(used).filteredOn((each) -> each == connection).hasSizeBetween(1, 8);
		}
		assertThat(pool.managedPool().recycled()).isBetween(4L, 6L);
	}

	@Test
	void everyWayToMakeAStatementCounts() throws SQLException {
		GovernedHikariDataSource pool = pool(PoolSize.of(0, 1), 0);
		String sql = "SELECT 1";
		int type = ResultSet.TYPE_FORWARD_ONLY;
		int concurrency = ResultSet.CONCUR_READ_ONLY;
		int holdability = ResultSet.CLOSE_CURSORS_AT_COMMIT;
		try (Connection connection = pool.getConnection()) {
			GateConnection gate = connection.unwrap(GateConnection.class);
			long before = gate.statements();
			connection.createStatement().close();
			connection.createStatement(type, concurrency).close();
			connection.createStatement(type, concurrency, holdability).close();
			connection.prepareStatement(sql).close();
			connection.prepareStatement(sql, type, concurrency).close();
			connection.prepareStatement(sql, type, concurrency, holdability).close();
			connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS).close();
			connection.prepareStatement(sql, new int[] { 1 }).close();
			connection.prepareStatement(sql, new String[] { "1" }).close();
			connection.prepareCall(sql).close();
			connection.prepareCall(sql, type, concurrency).close();
			connection.prepareCall(sql, type, concurrency, holdability).close();
			assertThat(gate.statements() - before).isEqualTo(12);
		}
	}

	@Test
	void connectionIsNotReplacedWhileSomebodyUsesIt() throws SQLException {
		GovernedHikariDataSource pool = pool(PoolSize.of(1, 1), 4);
		Connection worn;
		try (Connection connection = pool.getConnection()) {
			connection.setAutoCommit(false);
			worn = connection.unwrap(GateConnection.class);
			for (int i = 0; i < 50; i++) {
				execute(connection);
			}
			assertThat(pool.managedPool().recycled()).isZero();
			assertThat(connection.unwrap(GateConnection.class)).isSameAs(worn);
			connection.commit();
		}
		await().atMost(LONG).until(() -> pool.managedPool().counts().free() == 1 && worn.isClosed());
		assertThat(use(pool, 1)).isNotSameAs(worn);
		assertThat(pool.managedPool().recycled()).isEqualTo(1);
	}

	@Test
	void withoutALimitNothingIsReplaced() throws SQLException {
		GovernedHikariDataSource pool = pool(PoolSize.of(0, 1), 0);
		Connection first = use(pool, 1);
		for (int i = 0; i < 200; i++) {
			assertThat(use(pool, 5)).isSameAs(first);
		}
		assertThat(pool.managedPool().recycled()).isZero();
	}

	@Test
	void nobodyButWaitingCallersOpensTheOverflow() throws SQLException {
		GovernedHikariDataSource pool = pool(new PoolSize(3, 3, 2), 0);
		pool.getConnection().close();
		await().atMost(LONG).until(() -> pool.managedPool().counts().free() == 3);
		List<Connection> held = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			held.add(pool.getConnection());
		}
		assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
		held.add(pool.getConnection());
		assertThat(pool.getMaximumPoolSize()).isEqualTo(5);
		assertThat(pool.getMinimumIdle()).isZero();
		for (Connection connection : held) {
			connection.close();
		}
		await().atMost(LONG).until(() -> pool.getMaximumPoolSize() == 3 && pool.managedPool().counts().size() == 3);
		assertThat(pool.getMinimumIdle()).isEqualTo(3);
	}

	/**
	 * Each holds what it got until all have one: a single caller that the overflow was
	 * not opened for would stop all of them.
	 */
	@Test
	void everyCallerThatComesAtOnceReachesTheOverflow() throws Exception {
		int callers = 6;
		GovernedHikariDataSource pool = pool(new PoolSize(0, 2, 4), 0);
		for (int round = 0; round < 12; round++) {
			CyclicBarrier all = new CyclicBarrier(callers);
			List<Future<?>> each = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				each.add(this.threads.submit(() -> {
					all.await(30, TimeUnit.SECONDS);
					try (Connection connection = pool.getConnection()) {
						all.await(30, TimeUnit.SECONDS);
						return connection.isClosed();
					}
				}));
			}
			for (Future<?> caller : each) {
				caller.get(60, TimeUnit.SECONDS);
			}
			assertThat(pool.managedPool().counts().size()).isLessThanOrEqualTo(callers);
			pool.managedPool().resize(PoolSize.of(0, 2));
			pool.managedPool().resize(new PoolSize(0, 2, 4));
		}
	}

	@Test
	void callersThatWaitReachAnOverflowThatComesLater() throws Exception {
		GovernedHikariDataSource pool = pool(PoolSize.of(0, 1), 0);
		try (Connection held = pool.getConnection()) {
			Future<Connection> waiting = this.threads.submit(() -> pool.getConnection());
			await().atMost(LONG).until(() -> pool.managedPool().counts().pending() == 1);
			pool.managedPool().resize(new PoolSize(0, 1, 1));
			waiting.get(30, TimeUnit.SECONDS).close();
			assertThat(held.isClosed()).isFalse();
		}
	}

	private static Connection use(GovernedHikariDataSource pool, int statements) throws SQLException {
		try (Connection connection = pool.getConnection()) {
			for (int i = 0; i < statements; i++) {
				execute(connection);
			}
			return connection.unwrap(GateConnection.class);
		}
	}

	private static void execute(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
	}

	private GovernedHikariDataSource pool(PoolSize size, int maxQueries) {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
		settings.setConnectionTimeout(60_000);
		GovernedHikariDataSource pool = new GovernedHikariDataSource("primary", settings, size, SessionDefaults.NONE,
				PressureSettings.NONE, maxQueries, ConnectionPermits.UNLIMITED, this.executor);
		this.pools.add(pool);
		return pool;
	}

}
