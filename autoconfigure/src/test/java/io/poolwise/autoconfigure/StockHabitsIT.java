package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.poolwise.budget.LimitReading;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.SessionDefaults;
import io.poolwise.testservers.PostgresServer;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What applications do with HikariCP's pool, and go on doing with the governed one.
 */
@Timeout(120)
class StockHabitsIT {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static PostgresServer server;

	@BeforeAll
	static void start() throws SQLException {
		server = PostgresServer.builder().maxConnections(60).start();
		try (Sessions sessions = new Sessions(server)) {
			// 2, less 10 %, is a budget of 1 connection; the other is for short questions
			sessions.execute("CREATE ROLE jpa LOGIN PASSWORD 'secret' CONNECTION LIMIT 2");
			sessions.execute("GRANT ALL ON SCHEMA public TO jpa");
			sessions.execute("CREATE ROLE old LOGIN PASSWORD 'first'");
			sessions.execute("CREATE ROLE new LOGIN PASSWORD 'second'");
		}
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void jpaStartsAndWorksWithOneConnection() throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.onJpa()
			.with(address("jpa", "jpa", "secret"))
			.with("spring.jpa.hibernate.ddl-auto=create", "spring.jpa.open-in-view=false")
			.run(); Sessions sessions = new Sessions(server)) {
			assertThat(report(context).target()).isEqualTo(PoolSize.of(1, 1));
			EntityManager entities = SharedEntityManagerCreator
				.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			List<CompletableFuture<Void>> callers = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				callers.add(CompletableFuture
					.runAsync(() -> transaction.executeWithoutResult((status) -> entities.persist(new Note()))));
			}
			CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
			Long count = transaction
				.execute((status) -> entities.createQuery("SELECT count(n) FROM Note n", Long.class).getSingleResult());
			assertThat(count).isEqualTo(10);
			await().atMost(PATIENCE).until(() -> sessions.of("jpa") == 1);
		}
	}

	@Test
	void connectionDetailsWinOverTheUrlAndAreGoverned() throws SQLException {
		try (ConfigurableApplicationContext context = TestApplication.automatic(Details.class)
			.with("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/nowhere", "spring.datasource.username=nobody",
					"pool.profile=dev", "pool.replicas=10")
			.run(); Sessions sessions = new Sessions(server)) {
			DataSource pool = context.getBean(DataSource.class);
			assertThat(pool).isInstanceOf(GovernedHikariDataSource.class);
			// 60 - 3 = 57, less 10 % = 51, for ten
			assertThat(report(context).allotment()).isEqualTo(5);
			assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 5));
			assertThat(currentUser(pool)).isEqualTo(server.username());
			await().atMost(PATIENCE).until(() -> sessions.of("details") == 5);
		}
	}

	// virtual from Java 21 on; on Java 17 the key has no effect
	@Test
	void moreVirtualCallersThanConnectionsAllGetTheirTurn() throws Exception {
		boolean virtual = Runtime.version().feature() >= 21;
		try (ConfigurableApplicationContext context = TestApplication.automatic()
			.with(address("virtual", server.username(), server.password()))
			.with("spring.threads.virtual.enabled=true", "pool.database.max-size=4", "pool.database.min-size=0",
					"pool.database.acquire-timeout=60s")
			.run()) {
			DataSource pool = context.getBean(DataSource.class);
			AsyncTaskExecutor executor = context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class);
			List<CompletableFuture<Integer>> callers = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				callers.add(executor.submitCompletable(() -> {
					assertThat(Thread.currentThread().toString().startsWith("VirtualThread")).isEqualTo(virtual);
					return sessionsSeenAtWork(pool);
				}));
			}
			for (CompletableFuture<Integer> caller : callers) {
				assertThat(caller.get(60, TimeUnit.SECONDS)).isBetween(1, 4);
			}
		}
	}

	private static int sessionsSeenAtWork(DataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_sleep(0.02)");
			try (ResultSet row = statement
				.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'virtual'")) {
				row.next();
				return row.getInt(1);
			}
		}
	}

	@Test
	void anotherUsersConnectionIsRefusedAsStockRefusesIt() throws SQLException {
		try (HikariDataSource stock = new HikariDataSource(settings());
				GovernedHikariDataSource ours = governed(settings())) {
			for (HikariDataSource pool : List.of(stock, ours)) {
				assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
					.isThrownBy(() -> pool.getConnection("new", "second"));
				assertThat(currentUser(pool)).isEqualTo("old");
				assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isOne();
			}
			assertThat(ours.managedPool().counts().size()).isOne();
		}
	}

	@Test
	void credentialsThatRotateAreUsedFromThenOn() throws SQLException {
		try (HikariDataSource stock = new HikariDataSource(settings());
				GovernedHikariDataSource ours = governed(settings())) {
			for (HikariDataSource pool : List.of(stock, ours)) {
				assertThat(currentUser(pool)).isEqualTo("old");
				pool.setCredentials(Credentials.of("new", "second"));
				pool.getHikariPoolMXBean().softEvictConnections();
				assertThat(currentUser(pool)).isEqualTo("new");
			}
			assertThat(ours.managedPool().read()).isInstanceOf(LimitReading.Granted.class);
		}
	}

	@Test
	void providerOfCredentialsIsAskedForEachConnection() throws SQLException {
		AtomicReference<Credentials> current = new AtomicReference<>(Credentials.of("old", "first"));
		HikariConfig settings = settings();
		settings.setCredentials(Credentials.of("nobody", "wrong"));
		settings.setCredentialsProvider(current::get);
		try (HikariDataSource stock = new HikariDataSource(settings);
				GovernedHikariDataSource ours = governed(settings)) {
			for (HikariDataSource pool : List.of(stock, ours)) {
				current.set(Credentials.of("old", "first"));
				assertThat(currentUser(pool)).isEqualTo("old");
				current.set(Credentials.of("new", "second"));
				pool.getHikariPoolMXBean().softEvictConnections();
				assertThat(currentUser(pool)).isEqualTo("new");
			}
			assertThat(ours.managedPool().read()).isInstanceOf(LimitReading.Granted.class);
			current.set(Credentials.of("old", "expired"));
			assertThat(ours.managedPool().read()).isInstanceOf(LimitReading.Unavailable.class);
		}
	}

	private static HikariConfig settings() {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl(server.jdbcUrl());
		settings.setUsername("old");
		settings.setPassword("first");
		settings.setMinimumIdle(0);
		settings.setMaximumPoolSize(1);
		return settings;
	}

	private static GovernedHikariDataSource governed(HikariConfig settings) {
		return new GovernedHikariDataSource("rotating", settings, PoolSize.of(0, 1), SessionDefaults.NONE,
				ConnectionPermits.UNLIMITED, Runnable::run);
	}

	private static String currentUser(DataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT current_user")) {
			row.next();
			return row.getString(1);
		}
	}

	private static PoolReport report(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
	}

	private static String[] address(String name, String user, String password) {
		return new String[] { "spring.datasource.url=" + server.jdbcUrl() + "?ApplicationName=" + name,
				"spring.datasource.username=" + user, "spring.datasource.password=" + password, "pool.profile=dev" };
	}

	@Configuration(proxyBeanMethods = false)
	static class Details {

		@Bean
		JdbcConnectionDetails details() {
			return new JdbcConnectionDetails() {

				@Override
				public String getUsername() {
					return server.username();
				}

				@Override
				public String getPassword() {
					return server.password();
				}

				@Override
				public String getJdbcUrl() {
					return server.jdbcUrl() + "?ApplicationName=details";
				}

			};
		}

	}

	@Entity(name = "Note")
	static class Note {

		@Id
		@GeneratedValue
		private Long id;

		Long getId() {
			return this.id;
		}

	}

}
