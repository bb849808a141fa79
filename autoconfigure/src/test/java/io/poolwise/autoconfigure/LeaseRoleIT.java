package io.poolwise.autoconfigure;

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

import javax.sql.DataSource;

import io.poolwise.testservers.MariaDbServer;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A server that changes its role under instances that lease.
 */
@Timeout(180)
class LeaseRoleIT {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Test
	void flipOfReadOnlyCostsNothing() throws Exception {
		String owner = "SELECT min(IS_USED_LOCK(CONCAT('poolwise:poolwise:own:', seq))) FROM seq_1_to_100";
		String sleeping = "SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(%'";
		try (MariaDbServer server = MariaDbServer.builder().maxConnections(100).start();
				ConfigurableApplicationContext instance = start(server.jdbcUrl(), server.username(), server.password());
				Connection observer = DriverManager.getConnection(server.jdbcUrl(), server.username(),
						server.password())) {
			DataSource pool = instance.getBean(DataSource.class);
			ExecutorService executor = Executors.newSingleThreadExecutor();
			Future<Long> slow = executor.submit(() -> query(pool, "SELECT SLEEP(8)"));
			await().atMost(PATIENCE).until(() -> number(observer, sleeping) == 1);
			long coordinator = number(observer, owner);
			execute(observer, "SET GLOBAL read_only = 1");
			borrow(pool, 12);
			execute(observer, "SET GLOBAL read_only = 0");
			borrow(pool, 16);
			assertThat(slow.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("not interrupted").isZero();
			assertThat(number(observer, owner)).isEqualTo(coordinator);
			executor.shutdown();
		}
	}

	@Test
	void promotionCostsNothing() throws Exception {
		String coordinators = "SELECT sum(pid) FROM pg_stat_activity WHERE application_name LIKE 'poolwise1 %'";
		String sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT 0 FROM pg_sleep(%'"
				+ " AND state = 'active'";
		try (PostgresServer primary = PostgresServer.builder().maxConnections(60).start();
				PostgresServer standby = primary.startStandby();
				ConfigurableApplicationContext instance = start(standby.jdbcUrl(), standby.username(),
						standby.password());
				Connection observer = DriverManager.getConnection(standby.jdbcUrl(), standby.username(),
						standby.password())) {
			DataSource pool = instance.getBean(DataSource.class);
			ExecutorService executor = Executors.newSingleThreadExecutor();
			Future<Long> slow = executor.submit(() -> query(pool, "SELECT 0 FROM pg_sleep(8)"));
			await().atMost(PATIENCE).until(() -> number(observer, sleeping) == 1);
			long coordinator = number(observer, coordinators);
			standby.promote();
			borrow(pool, 12);
			assertThat(slow.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
			assertThat(number(observer, coordinators)).isEqualTo(coordinator);
			executor.shutdown();
		}
	}

	private static ConfigurableApplicationContext start(String url, String username, String password) {
		return TestApplication.automatic()
			.with("spring.profiles.active=prod", "pool.leases.mode=on", "pool.database.min-size=2",
					"spring.datasource.url=" + url, "spring.datasource.username=" + username,
					"spring.datasource.password=" + password)
			.run();
	}

	/** So many at once, so that new ones have to be made. */
	private static void borrow(DataSource pool, int count) throws SQLException {
		List<Connection> borrowed = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				Connection connection = pool.getConnection();
				borrowed.add(connection);
				assertThat(number(connection, "SELECT 1")).isOne();
			}
		}
		finally {
			for (Connection connection : borrowed) {
				connection.close();
			}
		}
	}

	private static long query(DataSource pool, String sql) throws SQLException {
		try (Connection connection = pool.getConnection()) {
			return number(connection, sql);
		}
	}

	private static long number(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getLong(1);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
