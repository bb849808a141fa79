package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a resize does, and what HikariCP's setters do, read from the server.
 */
class ResizeBesideStockIT {

	private static final Logger logger = LoggerFactory.getLogger(ResizeBesideStockIT.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static PostgresServer server;

	private static Connection observer;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@BeforeAll
	static void startServer() throws SQLException {
		server = PostgresServer.builder().maxConnections(200).start();
		observer = DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
	}

	@AfterAll
	static void stopServer() throws SQLException {
		observer.close();
		server.close();
	}

	@Test
	void growthReachesThirtyFiveWaitersAndStockLetsThemTimeOut() throws Exception {
		try (GovernedHikariDataSource ours = governed("grow-ours", 5);
				HikariDataSource stock = stock("grow-stock", 5)) {
			int served = growFromFiveToForty(ours, () -> ours.managedPool().resize(PoolSize.of(5, 40)), "grow-ours");
			int servedByStock = growFromFiveToForty(stock, () -> stock.setMaximumPoolSize(40), "grow-stock");
			logger.info("resize 5 -> 40 with 35 waiting: ours served {}, stock served {}", served, servedByStock);
			assertThat(served).isEqualTo(35);
			assertThat(servedByStock).isZero();
		}
	}

	private int growFromFiveToForty(HikariDataSource pool, Runnable resize, String name) throws Exception {
		List<Connection> held = borrow(pool, 5);
		List<Future<Connection>> waiting = new ArrayList<>();
		for (int i = 0; i < 35; i++) {
			waiting.add(this.threads.submit(() -> pool.getConnection()));
		}
		await().until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 35);
		long start = System.nanoTime();
		resize.run();
		int served = 0;
		for (Future<Connection> waiter : waiting) {
			long left = PATIENCE.toNanos() - (System.nanoTime() - start);
			try {
				held.add(waiter.get(Math.max(left, 1), TimeUnit.NANOSECONDS));
				served++;
			}
			catch (TimeoutException ex) {
				// still waiting
			}
		}
		logger.info("{}: {} of 35 served after {} ms, {} sessions", name, served,
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), sessions(name));
		for (Connection connection : held) {
			connection.close();
		}
		return served;
	}

	@Test
	void shrinkingClosesTheIdleAtOnceAndTheBusyOnReturnAndStockKeepsThem() throws Exception {
		try (GovernedHikariDataSource ours = governed("shrink-ours", 40);
				HikariDataSource stock = stock("shrink-stock", 40)) {
			List<Connection> busy = busyThree(ours);
			long start = System.nanoTime();
			ours.managedPool().resize(PoolSize.of(0, 5));
			await().atMost(Duration.ofSeconds(30)).until(() -> sessions("shrink-ours") == 5);
			logger.info("shrink-ours: 40 -> 5 sessions with 3 busy after {} ms",
					TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
			for (Connection connection : busy) {
				try (Statement statement = connection.createStatement()) {
					statement.execute("SELECT pg_sleep(0.1)");
				}
				connection.close();
			}
			assertThat(sessions("shrink-ours")).isEqualTo(5);
			List<Connection> busyInStock = busyThree(stock);
			stock.setMinimumIdle(5);
			stock.setMaximumPoolSize(5);
			await().during(Duration.ofSeconds(1)).until(() -> sessions("shrink-stock") == 40);
			logger.info("shrink-stock: 40 -> 5 told, {} sessions", sessions("shrink-stock"));
			for (Connection connection : busyInStock) {
				connection.close();
			}
			assertThat(sessions("shrink-stock")).isEqualTo(40);
		}
	}

	private List<Connection> busyThree(HikariDataSource pool) throws SQLException {
		List<Connection> all = borrow(pool, 40);
		for (Connection connection : all.subList(3, 40)) {
			connection.close();
		}
		return all.subList(0, 3);
	}

	private static List<Connection> borrow(HikariDataSource pool, int count) throws SQLException {
		List<Connection> connections = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			connections.add(pool.getConnection());
		}
		return connections;
	}

	private GovernedHikariDataSource governed(String name, int max) {
		return new GovernedHikariDataSource(name, settings(name, max), PoolSize.of(0, max), SessionDefaults.NONE,
				ConnectionPermits.UNLIMITED, this.threads);
	}

	private static HikariDataSource stock(String name, int max) {
		return new HikariDataSource(settings(name, max));
	}

	private static HikariConfig settings(String name, int max) {
		HikariConfig settings = new HikariConfig();
		settings.setPoolName(name);
		settings.setJdbcUrl(server.jdbcUrl() + "?ApplicationName=" + name);
		settings.setUsername(server.username());
		settings.setPassword(server.password());
		settings.setMinimumIdle(0);
		settings.setMaximumPoolSize(max);
		settings.setConnectionTimeout(30_000);
		return settings;
	}

	private static int sessions(String name) throws SQLException {
		try (Statement statement = observer.createStatement();
				ResultSet row = statement
					.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name + "'")) {
			row.next();
			return row.getInt(1);
		}
	}

}
