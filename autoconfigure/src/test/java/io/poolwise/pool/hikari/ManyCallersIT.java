package io.poolwise.pool.hikari;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSaturatedException;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTimeoutException;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * 2,000 callers at once on a pool of 10 over a real PostgreSQL, with a bound on those
 * that wait and without. Writes what it measured to {@code target/pressure.md}; only the
 * counts are asserted.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyCallersIT {

	private static final int CALLERS = 2000;

	private static final int POOL = 10;

	private static final int MAX_PENDING = 100;

	private static PostgresServer server;

	private static final List<String> table = new ArrayList<>(
			List.of("| 2,000 callers on a pool of 10 | served | refused | timed out | median ms | 95 % ms | longest ms "
					+ "| callers after 300 ms | memory since before, MiB |", "|---|---|---|---|---|---|---|---|---|"));

	private final ExecutorService executor = Executors.newFixedThreadPool(2);

	private final List<Thread> threads = new ArrayList<>();

	@BeforeAll
	static void startServer() {
		server = PostgresServer.builder().start();
	}

	@AfterAll
	static void stopServer() throws IOException {
		server.close();
		Path file = Path.of("target", "pressure.md");
		Files.createDirectories(file.getParent());
		Files.write(file, table);
	}

	@AfterEach
	void stop() {
		this.threads.forEach(Thread::interrupt);
		this.executor.shutdownNow();
	}

	@Test
	void withABoundEachCallerIsServedOrRefusedAtOnce() throws Exception {
		try (GovernedHikariDataSource pool = pool(MAX_PENDING, Duration.ofSeconds(120))) {
			Map<String, Integer> outcomes = run("max-pending 100", pool);
			assertThat(outcomes).containsOnlyKeys("served", "refused");
			assertThat(outcomes.get("served")).isGreaterThanOrEqualTo(POOL);
			assertThat(outcomes.get("served") + outcomes.get("refused")).isEqualTo(CALLERS);
			assertThat(pool.managedPool().trouble().refused()).isEqualTo(outcomes.get("refused").longValue());
			assertThat(pool.managedPool().trouble().timeouts()).isZero();
		}
	}

	@Test
	void withoutABoundEachCallerIsServedOrTimesOut() throws Exception {
		try (GovernedHikariDataSource pool = pool(0, Duration.ofSeconds(5))) {
			Map<String, Integer> outcomes = run("no bound", pool);
			assertThat(outcomes).doesNotContainKey("refused");
			assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(CALLERS);
			assertThat(pool.managedPool().trouble().timeouts())
				.isEqualTo(outcomes.getOrDefault("timed out", 0).longValue());
		}
	}

	/**
	 * Lets all callers go at once; each holds a connection for 50 ms.
	 */
	private Map<String, Integer> run(String name, GovernedHikariDataSource pool) throws Exception {
		Map<String, Integer> outcomes = new ConcurrentHashMap<>();
		AtomicLongArray micros = new AtomicLongArray(CALLERS);
		AtomicInteger waiting = new AtomicInteger();
		CountDownLatch ready = new CountDownLatch(CALLERS);
		CountDownLatch start = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(CALLERS);
		long before = resident();
		for (int i = 0; i < CALLERS; i++) {
			int number = i;
			Thread thread = new Thread(() -> {
				try {
					ready.countDown();
					start.await();
					waiting.incrementAndGet();
					long begun = System.nanoTime();
					outcomes.merge(call(pool), 1, Integer::sum);
					micros.set(number, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				finally {
					waiting.decrementAndGet();
					done.countDown();
				}
			});
			this.threads.add(thread);
			thread.start();
		}
		assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
		start.countDown();
		done.await(300, TimeUnit.MILLISECONDS);
		int callersAfterAWhile = waiting.get();
		long residentAfterAWhile = resident() - before;
		assertThat(done.await(200, TimeUnit.SECONDS)).as("nobody hangs").isTrue();
		table.add(row(name, outcomes, micros, callersAfterAWhile, residentAfterAWhile));
		return outcomes;
	}

	private static String call(GovernedHikariDataSource pool) {
		try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_sleep(0.05)");
			return "served";
		}
		catch (PoolSaturatedException ex) {
			return "refused";
		}
		catch (PoolTimeoutException ex) {
			return "timed out";
		}
		catch (SQLException ex) {
			return ex.toString();
		}
	}

	/**
	 * What the process has in memory, in KiB; 0 where the system doesn't tell.
	 */
	private static long resident() throws IOException {
		Path status = Path.of("/proc/self/status");
		if (!Files.isReadable(status)) {
			return 0;
		}
		return Files.readAllLines(status)
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(0);
	}

	private static String row(String name, Map<String, Integer> outcomes, AtomicLongArray micros, int callers,
			long resident) {
		long[] sorted = new long[micros.length()];
		Arrays.setAll(sorted, micros::get);
		Arrays.sort(sorted);
		return String.format(Locale.ROOT, "| %s | %d | %d | %d | %.3f | %.0f | %.0f | %d | %d |", name,
				outcomes.getOrDefault("served", 0), outcomes.getOrDefault("refused", 0),
				outcomes.getOrDefault("timed out", 0), sorted[CALLERS / 2] / 1000.0,
				sorted[CALLERS * 95 / 100] / 1000.0, sorted[CALLERS - 1] / 1000.0, callers, resident / 1024);
	}

	private GovernedHikariDataSource pool(int maxPending, Duration acquireTimeout) throws SQLException {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl(server.jdbcUrl());
		settings.setUsername(server.username());
		settings.setPassword(server.password());
		settings.setConnectionTimeout(acquireTimeout.toMillis());
		GovernedHikariDataSource pool = new GovernedHikariDataSource("primary", settings, PoolSize.of(POOL, POOL),
				SessionDefaults.NONE, new PressureSettings(maxPending, true), ConnectionPermits.UNLIMITED,
				this.executor);
		fill(pool);
		return pool;
	}

	private static void fill(GovernedHikariDataSource pool) throws SQLException {
		List<Connection> all = new ArrayList<>();
		for (int i = 0; i < POOL; i++) {
			all.add(pool.getConnection());
		}
		for (Connection connection : all) {
			connection.close();
		}
	}

}
