package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.testservers.MariaDbServer;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances with limits of their own beside others of the same namespace.
 */
@Timeout(240)
class NarrowNeighbourIT {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private static final Duration WATCHED = Duration.ofSeconds(8);

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	/** A role with 6 connections has 6 - 10 % - 2 seats = 3 slots. */
	@Test
	void limitOfARoleTakesNothingFromTheOthers() throws Exception {
		PostgresServer server = postgres("CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 6");
		narrowWorksBesideTheOthers(start(server.jdbcUrl(), "wide"), start(server.jdbcUrl(), "wide"),
				"SELECT pg_sleep(0.02)", () -> start(server.jdbcUrl("other"), "narrow"));
	}

	@Test
	void limitThatWasSetTakesNothingFromTheOthers() throws Exception {
		PostgresServer server = postgres("CREATE ROLE narrow LOGIN PASSWORD 'narrow'");
		narrowWorksBesideTheOthers(start(server.jdbcUrl(), "wide"), start(server.jdbcUrl(), "wide"),
				"SELECT pg_sleep(0.02)",
				() -> start(server.jdbcUrl("other"), "narrow", "pool.database.budget.limit=6"));
	}

	@Test
	void limitOfAnAccountTakesNothingFromTheOthers() throws Exception {
		MariaDbServer server = MariaDbServer.builder().maxConnections(60).start();
		this.open.add(server);
		try (Connection admin = DriverManager.getConnection(server.jdbcUrl(), "root", "root");
				Statement statement = admin.createStatement()) {
			statement.execute("CREATE USER wide IDENTIFIED BY 'wide'");
			statement.execute("GRANT ALL ON test.* TO wide");
			statement.execute("CREATE USER narrow IDENTIFIED BY 'narrow' WITH MAX_USER_CONNECTIONS 6");
			statement.execute("GRANT ALL ON test.* TO narrow");
		}
		narrowWorksBesideTheOthers(start(server.jdbcUrl(), "wide"), start(server.jdbcUrl(), "wide"),
				"SELECT SLEEP(0.02)", () -> start(server.jdbcUrl(), "narrow"));
	}

	/** The low slots are the only ones of the narrow one, and in use by the others. */
	@Test
	void narrowInstanceGetsItsSlotsThoughTheOthersHaveThemAll() throws Exception {
		PostgresServer server = postgres("CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 6");
		ConfigurableApplicationContext one = start(server.jdbcUrl(), "wide");
		ConfigurableApplicationContext other = start(server.jdbcUrl(), "wide");
		Load wide = new Load();
		this.open.add(wide);
		wide.on(pool(one), 60, "SELECT pg_sleep(0.05)").on(pool(other), 60, "SELECT pg_sleep(0.05)");
		await().atMost(PATIENCE).until(() -> share(one).sessions() + share(other).sessions() == 47);
		ConfigurableApplicationContext narrow = start(server.jdbcUrl("other"), "narrow");
		Load load = new Load();
		this.open.add(load);
		load.on(pool(narrow), 20, "SELECT pg_sleep(0.02)");
		await().atMost(PATIENCE).until(() -> share(narrow).sessions() == 2 && load.done() > 50);
		await().atMost(PATIENCE).until(() -> share(one).sessions() + share(other).sessions() >= 44);
		assertThat(load.failures()).isEmpty();
		assertThat(wide.failures()).isEmpty();
	}

	private void narrowWorksBesideTheOthers(ConfigurableApplicationContext one, ConfigurableApplicationContext other,
			String statement, Starting narrow) throws Exception {
		Load wide = new Load();
		this.open.add(wide);
		wide.on(pool(one), 20, statement).on(pool(other), 20, statement);
		await().atMost(PATIENCE).until(() -> busy(one) == 20 && busy(other) == 20);
		ConfigurableApplicationContext third = narrow.start();
		Load load = new Load();
		this.open.add(load);
		load.on(pool(third), 20, statement);
		await().atMost(PATIENCE).until(() -> share(third).sessions() == 2);
		int before = load.done();
		int least = 20;
		for (long end = System.nanoTime() + WATCHED.toNanos(); System.nanoTime() < end;) {
			least = Math.min(least, Math.min(share(one).sessions(), share(other).sessions()));
			assertThat(share(third).sessions()).isLessThanOrEqualTo(2);
		}
		assertThat(least).as("connections that the others may have").isGreaterThanOrEqualTo(20);
		assertThat(load.done() - before).as("statements of the narrow one").isGreaterThan(50);
		await().atMost(PATIENCE).until(() -> busy(one) == 20 && busy(other) == 20);
		assertThat(load.failures()).isEmpty();
		assertThat(wide.failures()).isEmpty();
	}

	private PostgresServer postgres(String narrow) throws SQLException {
		PostgresServer server = PostgresServer.builder().maxConnections(60).start();
		this.open.add(server);
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE DATABASE other");
			sessions.execute("CREATE ROLE wide LOGIN PASSWORD 'wide'");
			sessions.execute(narrow);
		}
		return server;
	}

	private ConfigurableApplicationContext start(String url, String user, String... more) {
		ConfigurableApplicationContext instance = TestApplication.automatic()
			.with("spring.profiles.active=prod", "pool.leases.mode=on", "spring.datasource.url=" + url,
					"spring.datasource.username=" + user, "spring.datasource.password=" + user,
					"pool.database.min-size=2")
			.with(more)
			.run();
		this.open.add(instance);
		return instance;
	}

	private static DataSource pool(ConfigurableApplicationContext instance) {
		return instance.getBean(DataSource.class);
	}

	private static LeaseShare share(ConfigurableApplicationContext instance) {
		return instance.getBean(PoolGovernor.class).leases().get(0);
	}

	private static int busy(ConfigurableApplicationContext instance) {
		return instance.getBean(PoolGovernor.class).pools().get(0).actual().used();
	}

	/** Starts an instance. */
	private interface Starting {

		ConfigurableApplicationContext start();

	}

}
