package io.poolwise.sample.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.testservers.MariaDbServer;
import io.poolwise.testservers.PostgresServer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * As many first requests at the same moment as there are connections: each one connects
 * by itself, or borrows from a pool that was only just made, or from one that is warm. A
 * request is a borrow and {@code SELECT 1}. Then the same once more.
 */
final class ColdConnections {

	/** What each server grants. */
	static final int LIMIT = 700;

	private static final int COUNT = 600;

	private static final long PATIENCE_SECONDS = 120;

	private final String url;

	private final Map<String, Double> values = new LinkedHashMap<>();

	private final AtomicInteger failed = new AtomicInteger();

	private ColdConnections(String url) {
		this.url = url;
	}

	static List<Measurement> measure(LoadSettings settings, String contender, int round) throws Exception {
		List<Measurement> all = new ArrayList<>();
		int count = settings.users(COUNT);
		try (PostgresServer server = PostgresServer.builder().maxConnections(LIMIT).start()) {
			create(server.jdbcUrl(), server.username(), "CREATE ROLE app LOGIN PASSWORD 'app'");
			all.add(new ColdConnections(server.jdbcUrl()).measure("PostgreSQL", contender, count, round));
		}
		try (MariaDbServer server = MariaDbServer.builder().maxConnections(LIMIT).start()) {
			create(server.jdbcUrl(), server.username(), "CREATE USER app IDENTIFIED BY 'app'",
					"GRANT ALL ON test.* TO app");
			all.add(new ColdConnections(server.jdbcUrl()).measure("MariaDB", contender, count, round));
		}
		return all;
	}

	private static void create(String url, String user, String... statements) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url, user, user);
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private Measurement measure(String product, String contender, int count, int round) throws Exception {
		switch (contender) {
			case "at-once" -> withoutPool(count);
			case "hikari" -> withHikari(count);
			case "poolwise" -> withPoolwise(count);
			default -> throw new IllegalArgumentException("there is no contender '" + contender + "'");
		}
		this.values.put("failed", (double) this.failed.get());
		return new Measurement(Scenario.COLD.key(), contender + ", " + product, round, this.values, List.of(),
				List.of());
	}

	private void withoutPool(int count) throws InterruptedException {
		this.values.put("ready s", 0.0);
		requests("first", count, () -> DriverManager.getConnection(this.url, "app", "app"));
	}

	private void withHikari(int count) throws InterruptedException {
		long begin = System.nanoTime();
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(this.url);
			pool.setUsername("app");
			pool.setPassword("app");
			pool.setMaximumPoolSize(count);
			ready(begin);
			requests("first", count, pool::getConnection);
			requests("second", count, pool::getConnection);
		}
	}

	private void withPoolwise(int count) throws InterruptedException {
		long begin = System.nanoTime();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + this.url, "--spring.datasource.username=app",
					"--spring.datasource.password=app", "--spring.flyway.enabled=false", "--pool.redis.enabled=false",
					"--pool.rabbit.enabled=false", "--pool.profile=prod", "--pool.replicas=1", "--pool.max-surge=0",
					"--pool.database.max-size=" + count, "--pool.database.min-size=" + count,
					"--pool.database.acquire-timeout=30s")) {
			ready(begin);
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			requests("first", count, pool::getConnection);
			requests("second", count, pool::getConnection);
		}
	}

	private void ready(long begin) {
		this.values.put("ready s", (System.nanoTime() - begin) / 1e9);
	}

	/**
	 * Everybody begins at the same moment, and keeps the connection until all have one.
	 */
	private void requests(String which, int count, Source source) throws InterruptedException {
		Histogram micros = new ConcurrentHistogram(3);
		CountDownLatch go = new CountDownLatch(1);
		CountDownLatch served = new CountDownLatch(count);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Thread thread = new Thread(null, () -> request(source, micros, go, served), "client-" + i, 256 * 1024);
			thread.start();
			threads.add(thread);
		}
		go.countDown();
		served.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
		for (Thread thread : threads) {
			thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
		}
		for (int percentile : new int[] { 50, 99, 100 }) {
			String name = (percentile == 100) ? "max" : "p" + percentile;
			this.values.put(which + " " + name + " ms", micros.getValueAtPercentile(percentile) / 1000.0);
		}
	}

	private void request(Source source, Histogram micros, CountDownLatch go, CountDownLatch served) {
		boolean counted = false;
		try {
			go.await();
			long begin = System.nanoTime();
			try (Connection connection = source.connect(); Statement statement = connection.createStatement()) {
				try (ResultSet row = statement.executeQuery("SELECT 1")) {
					row.next();
				}
				micros.recordValue((System.nanoTime() - begin) / 1000);
				counted = true;
				served.countDown();
				served.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
			}
		}
		catch (SQLException ex) {
			if (!counted) {
				this.failed.incrementAndGet();
				served.countDown();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Where a connection comes from. */
	private interface Source {

		Connection connect() throws SQLException;

	}

	/** An application with a data source and nothing else. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
