package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A resize while most idle connections are dead in silence: 18 of 20 lie behind a proxy
 * that stalls. HikariCP takes 5 s to find out about each that it looks at, so nothing may
 * wait for that.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadSocketsIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Less than it takes to find out about one dead connection. */
	private static final Duration AT_ONCE = Duration.ofSeconds(4);

	private static PostgresServer server;

	private final ExecutorService executor = Executors.newFixedThreadPool(2);

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final AtomicInteger connects = new AtomicInteger();

	private final List<Connection> alive = new ArrayList<>();

	private TcpProxy proxy;

	private GovernedHikariDataSource pool;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.builder().maxConnections(60).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	/**
	 * The two that are alive are in use, the others idle. Those were never borrowed.
	 */
	@BeforeEach
	void fillAndCutOff() throws SQLException {
		this.proxy = TcpProxy.before(server);
		HikariConfig settings = new HikariConfig();
		settings.setDataSource(new DelegatingDataSource() {

			@Override
			PGSimpleDataSource target() {
				int connect = DeadSocketsIT.this.connects.getAndIncrement();
				return database((connect < 2 || connect >= 20) ? server.port() : DeadSocketsIT.this.proxy.port());
			}

		});
		settings.setConnectionTimeout(PATIENCE.toMillis());
		this.pool = new GovernedHikariDataSource("primary", settings, PoolSize.of(0, 20), SessionDefaults.NONE,
				ConnectionPermits.UNLIMITED, this.executor);
		this.alive.add(this.pool.getConnection());
		this.alive.add(this.pool.getConnection());
		this.pool.managedPool().resize(PoolSize.of(18, 20));
		await().atMost(PATIENCE).until(() -> this.pool.managedPool().counts().free() == 18);
		this.proxy.stall();
		// HikariCP takes what was used within half a second for alive
		await().pollDelay(Duration.ofMillis(700)).until(() -> true);
	}

	@AfterEach
	void close() {
		this.callers.shutdownNow();
		this.proxy.close();
		this.pool.close();
		this.executor.shutdownNow();
	}

	private static PGSimpleDataSource database(int port) {
		PGSimpleDataSource database = new PGSimpleDataSource();
		database.setServerNames(new String[] { server.host() });
		database.setPortNumbers(new int[] { port });
		database.setUser(server.username());
		database.setPassword(server.password());
		return database;
	}

	@Test
	void resizeAndReturnWaitForNoDeadConnection() throws Exception {
		long start = System.nanoTime();
		Future<?> resize = this.callers.submit(() -> this.pool.managedPool().resize(PoolSize.of(0, 5)));
		await().atMost(PATIENCE).until(() -> this.pool.managedPool().target().max() == 5);
		this.alive.get(0).close();
		assertThat(since(start)).as("the borrower's close()").isLessThan(AT_ONCE);
		resize.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		assertThat(since(start)).as("resize").isLessThan(AT_ONCE);
		await().atMost(AT_ONCE).until(() -> this.pool.managedPool().counts().size() == 5);
	}

	@Test
	void growthReachesCallersWhileDeadConnectionsAreClosed() throws Exception {
		this.pool.managedPool().resize(PoolSize.of(0, 2));
		await().atMost(AT_ONCE).until(() -> this.pool.managedPool().counts().size() == 2);
		Future<Connection> first = this.callers.submit(() -> this.pool.getConnection());
		Future<Connection> second = this.callers.submit(() -> this.pool.getConnection());
		await().atMost(PATIENCE).until(() -> this.pool.managedPool().counts().pending() == 2);
		long start = System.nanoTime();
		this.pool.managedPool().resize(PoolSize.of(0, 4));
		first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
		second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
		assertThat(since(start)).isLessThan(AT_ONCE);
	}

	/**
	 * What was looked at in passing counts for HikariCP as used just now, and isn't.
	 */
	@Test
	void deadConnectionThatStaysIsNotHandedOut() throws Exception {
		this.pool.managedPool().resize(PoolSize.of(0, 5));
		await().atMost(AT_ONCE).until(() -> this.pool.managedPool().counts().size() == 5);
		try (Connection connection = this.pool.getConnection()) {
			assertThat(connection.isValid(2)).isTrue();
		}
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
