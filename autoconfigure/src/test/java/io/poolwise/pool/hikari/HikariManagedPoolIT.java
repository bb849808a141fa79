package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.pool.AbstractManagedPoolTests;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * HikariCP on PostgreSQL keeps the contract.
 */
class HikariManagedPoolIT extends AbstractManagedPoolTests {

	private static PostgresServer server;

	private static Connection observer;

	private static final ExecutorService executor = Executors.newFixedThreadPool(2);

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

	@Override
	protected PoolFixture createPool(PoolSize size, Duration acquireTimeout) throws SQLException {
		String application = UUID.randomUUID().toString();
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl(server.jdbcUrl() + "?ApplicationName=" + application);
		settings.setUsername(server.username());
		settings.setPassword(server.password());
		settings.setConnectionTimeout(acquireTimeout.toMillis());
		GovernedHikariDataSource pool = new GovernedHikariDataSource("contract", settings, size, SessionDefaults.NONE,
				ConnectionPermits.UNLIMITED, executor);
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
