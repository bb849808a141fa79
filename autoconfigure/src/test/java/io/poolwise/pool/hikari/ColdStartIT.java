package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Twelve instances start at the same time and fill their pools, beside stock HikariCP.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ColdStartIT {

	private static final Logger logger = LoggerFactory.getLogger(ColdStartIT.class);

	private static final int INSTANCES = 12;

	// the storm of docs/results/warm-up.md: -Dpoolwise.storm.size=50
	private static final int SIZE = Integer.getInteger("poolwise.storm.size", 20);

	// on top of a connect on loopback, as a network with TLS has it
	private static final Duration FAR = Duration.ofMillis(Integer.getInteger("poolwise.storm.millis", 40));

	private static PostgresServer server;

	private static Connection observer;

	private final AtomicInteger failures = new AtomicInteger();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ExecutorService executor = Executors.newFixedThreadPool(2);

	private final List<HikariDataSource> pools = new ArrayList<>();

	@BeforeAll
	static void startServer() throws SQLException {
		server = PostgresServer.builder().maxConnections(700).start();
		observer = DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
	}

	@AfterAll
	static void stopServer() throws SQLException {
		observer.close();
		server.close();
	}

	@AfterEach
	void closePools() throws Exception {
		closeAll();
		this.threads.shutdownNow();
		this.executor.shutdownNow();
	}

	@Test
	void noConnectFailsAndAllAreFull() throws Exception {
		// the first one warms the JVM and the server
		storm(() -> ours(Duration.ZERO));
		for (Duration distance : List.of(Duration.ZERO, FAR)) {
			Duration stock = storm(() -> stock(distance));
			Duration ours = storm(() -> ours(distance));
			logger.info("{} instances x {} connections, {} ms away: stock HikariCP {} ms, Poolwise {} ms", INSTANCES,
					SIZE, distance.toMillis(), stock.toMillis(), ours.toMillis());
		}
		assertThat(this.failures).hasValue(0);
		assertThat(number("SELECT sum(sessions_abandoned + sessions_fatal + sessions_killed) FROM pg_stat_database"))
			.isZero();
	}

	/**
	 * Starts the instances, and waits until the server sees all connections.
	 */
	private Duration storm(Callable<HikariDataSource> instance) throws Exception {
		long begin = System.nanoTime();
		List<Future<HikariDataSource>> starting = new ArrayList<>();
		for (int i = 0; i < INSTANCES; i++) {
			starting.add(this.threads.submit(instance));
		}
		for (Future<HikariDataSource> each : starting) {
			this.pools.add(each.get(60, TimeUnit.SECONDS));
		}
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.pools.stream()
				.allMatch((pool) -> pool.getHikariPoolMXBean().getIdleConnections() == SIZE));
		Duration took = Duration.ofNanos(System.nanoTime() - begin);
		assertThat(sessions()).isEqualTo(INSTANCES * SIZE);
		closeAll();
		await().atMost(Duration.ofSeconds(30)).until(() -> sessions() == 0);
		return took;
	}

	private void closeAll() throws Exception {
		List<Future<?>> closing = new ArrayList<>();
		for (HikariDataSource pool : this.pools) {
			closing.add(this.threads.submit(pool::close));
		}
		for (Future<?> each : closing) {
			each.get(60, TimeUnit.SECONDS);
		}
		this.pools.clear();
	}

	private HikariDataSource stock(Duration distance) {
		HikariConfig settings = settings(distance);
		settings.setMaximumPoolSize(SIZE);
		settings.setMinimumIdle(SIZE);
		return new HikariDataSource(settings);
	}

	private HikariDataSource ours(Duration distance) throws Exception {
		GovernedHikariDataSource pool = new GovernedHikariDataSource("storm", settings(distance),
				PoolSize.of(SIZE, SIZE), SessionDefaults.NONE, ConnectionPermits.UNLIMITED, this.executor);
		// the fleet's 600 a second
		pool.managedPool()
			.warmUp(new ConnectPace(Duration.ofSeconds(INSTANCES).dividedBy(600), System::nanoTime,
					() -> ThreadLocalRandom.current().nextDouble()));
		return pool;
	}

	private HikariConfig settings(Duration distance) {
		HikariConfig settings = new HikariConfig();
		settings.setDataSource(new Distant(new DriverDataSource(server.jdbcUrl() + "?ApplicationName=storm", null,
				new Properties(), server.username(), server.password()), distance));
		settings.setConnectionTimeout(60_000);
		return settings;
	}

	private static int sessions() throws SQLException {
		return number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'storm'");
	}

	private static int number(String sql) throws SQLException {
		try (Statement statement = observer.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getInt(1);
		}
	}

	/**
	 * A server that takes longer to connect to, and counts who fails.
	 */
	private final class Distant extends DelegatingDataSource {

		private final DataSource target;

		private final Duration distance;

		Distant(DataSource target, Duration distance) {
			this.target = target;
			this.distance = distance;
		}

		@Override
		DataSource target() {
			return this.target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			LockSupport.parkNanos(this.distance.toNanos());
			try {
				return super.getConnection();
			}
			catch (SQLException ex) {
				ColdStartIT.this.failures.incrementAndGet();
				throw ex;
			}
		}

	}

}
