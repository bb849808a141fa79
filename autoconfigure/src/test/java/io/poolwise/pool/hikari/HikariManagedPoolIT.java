package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.AbstractManagedPoolTests;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * HikariCP on PostgreSQL keeps the contract.
 */
class HikariManagedPoolIT extends AbstractManagedPoolTests {

	private static PostgresServer server;

	private static Connection observer;

	private static final ExecutorService executor = Executors.newFixedThreadPool(2);

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stopThreads() {
		this.threads.shutdownNow();
	}

	@BeforeAll
	static void startServer() throws SQLException {
		server = PostgresServer.builder().maxConnections(100).start();
		observer = DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
	}

	@AfterAll
	static void stopServer() throws SQLException {
		observer.close();
		server.close();
		executor.shutdownNow();
	}

	@Test
	void overflowComesForWaitingCallersAndGoesWithThem() throws Exception {
		try (PoolFixture fixture = createPool(new PoolSize(2, 2, 3), Duration.ofSeconds(60))) {
			List<PoolFixture.Borrowed> borrowed = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				borrowed.add(fixture.borrow());
			}
			assertThat(fixture.serverConnections()).isEqualTo(2);
			for (int i = 2; i < 5; i++) {
				borrowed.add(fixture.borrow());
			}
			assertThat(fixture.serverConnections()).isEqualTo(5);
			Future<PoolFixture.Borrowed> oneTooMany = this.threads.submit(fixture::borrow);
			await().atMost(LONG).until(() -> fixture.pool().counts().pending() == 1);
			assertThat(fixture.serverConnections()).isEqualTo(5);
			borrowed.remove(0).close();
			borrowed.add(oneTooMany.get(30, TimeUnit.SECONDS));
			for (PoolFixture.Borrowed each : borrowed) {
				each.work(Duration.ofMillis(1));
				each.close();
			}
			await().atMost(LONG).untilAsserted(() -> {
				assertThat(fixture.serverConnections()).isEqualTo(2);
				assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(2, 2, 0, 0));
			});
		}
	}

	@Test
	void recyclingUnderLoadFailsNoStatement() throws Exception {
		int callers = 6;
		int uses = 120;
		try (HikariFixture fixture = createPool(PoolSize.of(4, 4), Duration.ofSeconds(60), 20)) {
			Set<Integer> backends = ConcurrentHashMap.newKeySet();
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				all.add(this.threads.submit(() -> {
					for (int n = 0; n < uses; n++) {
						backends.add(twoStatementsInOneTransaction(fixture.dataSource()));
					}
					return null;
				}));
			}
			for (Future<?> each : all) {
				each.get(30, TimeUnit.SECONDS);
			}
			assertThat(fixture.pool().recycled()).isGreaterThan(callers * uses * 2 / 20 / 2);
			assertThat(backends).hasSizeGreaterThan(callers * uses * 2 / 20 / 2);
			await().atMost(LONG).until(() -> fixture.serverConnections() == 4);
		}
	}

	private static int twoStatementsInOneTransaction(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			connection.setAutoCommit(false);
			int first = backend(connection);
			assertThat(backend(connection)).isEqualTo(first);
			connection.commit();
			return first;
		}
	}

	private static int backend(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
			row.next();
			return row.getInt(1);
		}
	}

	@Override
	protected PoolFixture createPool(PoolSize size, Duration acquireTimeout) throws SQLException {
		return createPool(size, acquireTimeout, 0);
	}

	private HikariFixture createPool(PoolSize size, Duration acquireTimeout, int maxQueries) throws SQLException {
		String application = UUID.randomUUID().toString();
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl(server.jdbcUrl() + "?ApplicationName=" + application);
		settings.setUsername(server.username());
		settings.setPassword(server.password());
		settings.setConnectionTimeout(acquireTimeout.toMillis());
		GovernedHikariDataSource pool = new GovernedHikariDataSource("contract", settings, size, SessionDefaults.NONE,
				PressureSettings.NONE, maxQueries, ConnectionPermits.UNLIMITED, executor);
		pool.getConnection().close();
		return new HikariFixture(pool, application);
	}

	private record HikariFixture(GovernedHikariDataSource dataSource, String application) implements PoolFixture {

		@Override
		public ManagedPool pool() {
			return this.dataSource.managedPool();
		}

		@Override
		public Borrowed borrow() throws SQLException {
			Connection connection = this.dataSource.getConnection();
			return new Borrowed() {

				@Override
				public void work(Duration duration) throws SQLException {
					try (Statement statement = connection.createStatement()) {
						statement.execute("SELECT pg_sleep(" + duration.toMillis() / 1000.0 + ")");
					}
				}

				@Override
				public void close() throws SQLException {
					connection.close();
				}

			};
		}

		@Override
		public int serverConnections() throws SQLException {
			try (Statement statement = observer.createStatement();
					ResultSet row = statement
						.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE application_name = '"
								+ this.application + "'")) {
				row.next();
				return row.getInt(1);
			}
		}

		@Override
		public void close() {
			this.dataSource.close();
		}

	}

}
