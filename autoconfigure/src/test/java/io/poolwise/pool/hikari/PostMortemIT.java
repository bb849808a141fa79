package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTimeoutException;
import io.poolwise.pool.PostMortem;
import io.poolwise.pool.Verdict;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Each reason for which callers get no connection, provoked on a real PostgreSQL. How
 * long a connection has been held is known from looks, so a judgement may need a second
 * try on a busy machine.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostMortemIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(1);

	private static PostgresServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ExecutorService executor = Executors.newFixedThreadPool(2);

	private final List<GovernedHikariDataSource> pools = new ArrayList<>();

	private final AtomicBoolean stop = new AtomicBoolean();

	@BeforeAll
	static void startServer() {
		server = PostgresServer.builder().maxConnections(20).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@AfterEach
	void close() {
		this.stop.set(true);
		this.threads.shutdownNow();
		this.pools.forEach(GovernedHikariDataSource::close);
		this.executor.shutdownNow();
	}

	@Test
	void leakOfThreadsThatWentBackToTheirExecutor(CapturedOutput output) throws Exception {
		GovernedHikariDataSource pool = pool(server, 3);
		for (int i = 0; i < 3; i++) {
			this.threads.submit((Callable<Connection>) pool::getConnection).get(30, TimeUnit.SECONDS);
		}
		awaitVerdict(pool, Verdict.LEAK);
		assertThatExceptionOfType(PoolTimeoutException.class).isThrownBy(pool::getConnection)
			.withMessage(
					"Pool 'primary': Connection is not available, request timed out after 1000 ms (pool.database.acquire-timeout): "
							+ "3 of at most 3 open, 3 in use, 0 free, 0 waiting. Verdict: leak, since 3 of 3 connections have "
							+ "been held for 500 ms or more by threads that have ended or gone on to other work. "
							+ "Close what is borrowed (try-with-resources); pool.database.leak-detection-threshold logs each place.");
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(output).contains("primary: callers got no connection, verdict: ")
				.contains("held for ")
				.contains("Since the last report: "));
	}

	/**
	 * A busy server: the threads that forgot their connections wait for others in vain,
	 * as those do that need two at once.
	 */
	@Test
	void leakOfThreadsThatWaitForTheirNextConnection() throws Exception {
		GovernedHikariDataSource pool = pool(server, 3);
		for (int i = 0; i < 3; i++) {
			this.threads.submit(() -> {
				Connection forgotten = pool.getConnection();
				while (!this.stop.get()) {
					try {
						pool.getConnection().close();
					}
					catch (SQLException ex) {
						// the next piece of work does no better
					}
				}
				return forgotten;
			});
		}
		await().atMost(PATIENCE).until(() -> pool.managedPool().counts().used() == 3);
		awaitVerdict(pool, Verdict.LEAK);
	}

	@Test
	void nestedTransactionsThatWaitForEachOther() throws Exception {
		GovernedHikariDataSource pool = pool(server, 3);
		TransactionTemplate outer = new TransactionTemplate(new JdbcTransactionManager(pool));
		TransactionTemplate inner = new TransactionTemplate(new JdbcTransactionManager(pool));
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		JdbcTemplate jdbc = new JdbcTemplate(pool);
		CyclicBarrier everyConnectionIsBorrowed = new CyclicBarrier(3);
		for (int i = 0; i < 3; i++) {
			this.threads.submit(() -> {
				while (!this.stop.get()) {
					try {
						outer.executeWithoutResult((status) -> {
							jdbc.queryForObject("SELECT 1", Integer.class);
							meet(everyConnectionIsBorrowed);
							inner.executeWithoutResult((nested) -> jdbc.queryForObject("SELECT 2", Integer.class));
						});
					}
					catch (RuntimeException ex) {
						// deadlock, as often as it is tried
					}
				}
			});
		}
		await().atMost(PATIENCE).until(() -> verdict(pool) == Verdict.NESTED);
	}

	@Test
	void slowStatements() throws Exception {
		GovernedHikariDataSource pool = pool(server, 3);
		for (int i = 0; i < 3; i++) {
			this.threads.submit(() -> sleep(pool, 100));
		}
		await().atMost(PATIENCE).until(() -> pool.managedPool().counts().used() == 3);
		awaitVerdict(pool, Verdict.SLOW_STATEMENTS);
		try (Connection admin = direct(server); Statement statement = admin.createStatement()) {
			statement.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(100%'"
					+ " AND pid <> pg_backend_pid()");
		}
	}

	@Test
	void connectionsHeldWhileTheirThreadsDoSomethingElse() throws Exception {
		GovernedHikariDataSource pool = pool(server, 3);
		CountDownLatch remoteCall = new CountDownLatch(1);
		for (int i = 0; i < 3; i++) {
			this.threads.submit(() -> {
				try (Connection connection = pool.getConnection()) {
					remoteCall.await(60, TimeUnit.SECONDS);
					return connection.isClosed();
				}
			});
		}
		await().atMost(PATIENCE).until(() -> pool.managedPool().counts().used() == 3);
		awaitVerdict(pool, Verdict.BUSY_ELSEWHERE);
		remoteCall.countDown();
	}

	@Test
	void poolThatIsTooSmall() throws Exception {
		GovernedHikariDataSource pool = pool(server, 2);
		for (int i = 0; i < 100; i++) {
			this.threads.submit(() -> {
				while (!this.stop.get()) {
					try {
						sleep(pool, 0.05);
					}
					catch (PoolTimeoutException ex) {
						// there are 50 times as many callers as connections
					}
				}
				return null;
			});
		}
		await().atMost(PATIENCE).until(() -> verdict(pool) == Verdict.UNDERSIZED);
	}

	@Test
	void serverThatIsFull() throws Exception {
		GovernedHikariDataSource pool = pool(server, 5);
		try (Connection held = pool.getConnection()) {
			List<Connection> others = fill(server);
			try {
				awaitVerdict(pool, Verdict.SERVER_FULL);
				assertThat(pool.managedPool().trouble().postMortem().reasons().toString()).contains("53300");
			}
			finally {
				for (Connection other : others) {
					other.close();
				}
			}
			assertThat(held.isValid(5)).isTrue();
		}
	}

	@Test
	void serverThatIsDown() throws Exception {
		try (PostgresServer own = PostgresServer.builder().start()) {
			GovernedHikariDataSource pool = pool(own, 3);
			pool.getConnection().close();
			own.kill();
			awaitVerdict(pool, Verdict.SERVER_DOWN);
		}
	}

	@Test
	void reportIsWrittenOnceAMinute(CapturedOutput output) throws Exception {
		GovernedHikariDataSource pool = pool(server, 1);
		try (Connection held = pool.getConnection()) {
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(PoolTimeoutException.class).isThrownBy(pool::getConnection);
			}
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(output).contains("primary: callers got no connection"));
			assertThat(held.isValid(5)).isTrue();
		}
		assertThat(output.toString().split("primary: callers got no connection", -1)).hasSize(2);
	}

	/**
	 * Callers come again and again until one is told this.
	 */
	private static void awaitVerdict(GovernedHikariDataSource pool, Verdict verdict) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThatExceptionOfType(PoolTimeoutException.class).isThrownBy(pool::getConnection)
				.satisfies((ex) -> assertThat(ex.getPostMortem())
					.satisfies((postMortem) -> assertThat(postMortem.verdict()).isEqualTo(verdict)))
				.withMessageContaining("Verdict: " + verdict.id() + ", since "));
	}

	private static Verdict verdict(GovernedHikariDataSource pool) {
		PostMortem postMortem = pool.managedPool().trouble().postMortem();
		return (postMortem != null) ? postMortem.verdict() : null;
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(5, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			barrier.reset();
			throw new IllegalStateException(ex);
		}
	}

	private static Object sleep(GovernedHikariDataSource pool, double seconds) throws SQLException {
		try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
			return statement.execute("SELECT pg_sleep(" + seconds + ")");
		}
	}

	/**
	 * Takes all connections that the server grants.
	 */
	private static List<Connection> fill(PostgresServer server) {
		List<Connection> all = new ArrayList<>();
		try {
			while (true) {
				all.add(direct(server));
			}
		}
		catch (SQLException ex) {
			assertThat(ex.getSQLState()).isEqualTo("53300");
			return all;
		}
	}

	private static Connection direct(PostgresServer server) throws SQLException {
		return DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
	}

	private GovernedHikariDataSource pool(PostgresServer server, int size) {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl(server.jdbcUrl());
		settings.setUsername(server.username());
		settings.setPassword(server.password());
		settings.setConnectionTimeout(ACQUIRE_TIMEOUT.toMillis());
		GovernedHikariDataSource pool = new GovernedHikariDataSource("primary", settings, PoolSize.of(0, size),
				SessionDefaults.NONE, new PressureSettings(0, true), ConnectionPermits.UNLIMITED, this.executor);
		this.pools.add(pool);
		return pool;
	}

}
