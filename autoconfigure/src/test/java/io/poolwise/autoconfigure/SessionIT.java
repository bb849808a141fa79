package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.TimeZone;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a session of a pool is given on a real server.
 */
@ExtendWith(OutputCaptureExtension.class)
class SessionIT {

	private static PostgresServer server;

	private final TimeZone zone = TimeZone.getDefault();

	@BeforeAll
	static void start() throws SQLException {
		server = PostgresServer.builder().start();
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE bounded LOGIN PASSWORD 'postgres'");
			sessions.execute("ALTER ROLE bounded SET statement_timeout = '7s'");
			sessions.execute("CREATE ROLE elsewhere LOGIN PASSWORD 'postgres'");
			sessions.execute("ALTER ROLE elsewhere SET timezone = 'America/New_York'");
			sessions.execute("CREATE DATABASE bounded");
			sessions.execute("ALTER DATABASE bounded SET statement_timeout = '8s'");
		}
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void restoreZone() {
		TimeZone.setDefault(this.zone);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                                                        | UTC
			pool.database.init-sql=                                                 | Asia/Seoul
			pool.database.init-sql=SET TIME ZONE 'Europe/Paris'                     | Europe/Paris
			pool.database.init-sql=SET lock_timeout TO 5000                         | Asia/Seoul
			spring.datasource.hikari.connection-init-sql=SELECT 1                   | Asia/Seoul
			spring.datasource.hikari.connection-init-sql=SET TIME ZONE 'Asia/Tokyo' | Asia/Tokyo
			pool.database.pools.primary.init-sql=                                   | Asia/Seoul
			""")
	void timeZoneIsUtcUnlessSomebodySaysWhatASessionIsGiven(String property, String expected) throws SQLException {
		// the driver gives each session the zone of its JVM
		TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
		assertThat(show("timezone", (property != null) ? new String[] { property } : new String[0]))
			.isEqualTo(expected);
	}

	@Test
	void timesMeanTheSameWithUtcSessions() throws SQLException {
		TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
		try (ConfigurableApplicationContext context = run();
				Connection connection = context.getBean(DataSource.class).getConnection();
				Statement statement = connection.createStatement()) {
			try (ResultSet row = statement.executeQuery("SELECT timestamptz '2026-01-02 03:04:05Z'")) {
				row.next();
				assertThat(row.getTimestamp(1).toInstant()).isEqualTo("2026-01-02T03:04:05Z");
			}
			try (ResultSet row = statement.executeQuery("SELECT (timestamptz '2026-01-02 03:04:05Z')::text")) {
				row.next();
				assertThat(row.getString(1)).isEqualTo("2026-01-02 03:04:05+00");
			}
		}
	}

	@Test
	void zoneOfTheJvmThatIsNotUtcIsWarnedOfOnce(CapturedOutput output) throws SQLException {
		TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
		try (ConfigurableApplicationContext context = TestApplication.automatic(TwoPools.class).run()) {
			context.getBean("orders", DataSource.class).getConnection().close();
			context.getBean("reports", DataSource.class).getConnection().close();
		}
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains("pool.database.init-sql")
			.contains("Asia/Seoul")
			.contains("UTC");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.database.init-sql=", "pool.database.init-sql=SELECT 1",
			"spring.datasource.hikari.connection-init-sql=SELECT 1" })
	void whereNoZoneIsSetNoZoneIsWarnedOf(String property, CapturedOutput output) throws SQLException {
		TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
		show("timezone", property);
		assertThat(warnings(output)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTC", "Etc/UTC", "Z", "GMT", "Zulu" })
	void jvmInUtcIsNotWarnedOf(String zone, CapturedOutput output) throws SQLException {
		TimeZone.setDefault(TimeZone.getTimeZone(ZoneId.of(zone)));
		assertThat(show("timezone")).isEqualTo("UTC");
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void serverThatIsDownAtTheStartIsWarnedOfWhenItIsThere(CapturedOutput output) throws SQLException {
		TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
		server.stop();
		try (ConfigurableApplicationContext context = run()) {
			assertThat(warnings(output)).isEmpty();
			server.restart();
			assertThat(show(context, "timezone")).isEqualTo("UTC");
			assertThat(warnings(output)).singleElement().asString().contains("pool.database.init-sql");
		}
		finally {
			if (!server.isRunning()) {
				server.restart();
			}
		}
	}

	@Test
	void h2HasNoZoneOfASession(CapturedOutput output) throws SQLException {
		TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
		try (ConfigurableApplicationContext context = TestApplication.onH2().run()) {
			context.getBean(DataSource.class).getConnection().close();
		}
		assertThat(warnings(output)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			pool.profile=dev                           | 1min
			pool.profile=test                          | 30s
			pool.database.command-timeout=1500ms       | 1500ms
			pool.database.command-timeout=24d          | 24d
			pool.database.pools.primary.command-timeout=3s | 3s
			""")
	void commandTimeoutBoundsTheStatementsOfASession(String property, String expected) throws SQLException {
		assertThat(show("statement_timeout", property)).isEqualTo(expected);
	}

	@Test
	void commandTimeoutEndsAStatement() throws SQLException {
		try (ConfigurableApplicationContext context = run("pool.database.command-timeout=300ms");
				Connection connection = context.getBean(DataSource.class).getConnection();
				Statement statement = connection.createStatement()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT pg_sleep(20)"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57014"));
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	@Test
	void localTimeoutOfATransactionWins() throws SQLException {
		try (ConfigurableApplicationContext context = run("pool.database.command-timeout=500ms");
				Connection connection = context.getBean(DataSource.class).getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("SET LOCAL statement_timeout = '30s'");
			statement.execute("SELECT pg_sleep(1)");
			connection.commit();
			assertThat(show(connection, "statement_timeout")).isEqualTo("500ms");
		}
	}

	@Test
	void timeoutThatTheRoleBringsAlongIsKeptUnlessAKeyIsExplicit() throws SQLException {
		assertThat(show("statement_timeout", "spring.datasource.username=bounded")).isEqualTo("7s");
		assertThat(show("statement_timeout", "spring.datasource.username=bounded", "pool.database.command-timeout=60s"))
			.isEqualTo("1min");
	}

	@Test
	void timeoutThatTheDatabaseBringsAlongIsKept() throws SQLException {
		assertThat(show("statement_timeout", "spring.datasource.url=" + server.jdbcUrl("bounded"))).isEqualTo("8s");
	}

	@Test
	void timeoutOfTheUrlIsKept() throws SQLException {
		assertThat(show("statement_timeout",
				"spring.datasource.url=" + server.jdbcUrl() + "?options=-c%20statement_timeout=9s"))
			.isEqualTo("9s");
	}

	@Test
	void zoneThatTheRoleBringsAlongYieldsAsTheDriverOverrulesItAnyway() throws SQLException {
		assertThat(show("timezone", "spring.datasource.username=elsewhere")).isEqualTo("UTC");
	}

	@Test
	void everySessionIsGivenTheSame() throws SQLException {
		try (ConfigurableApplicationContext context = run("pool.profile=test");
				Connection first = context.getBean(DataSource.class).getConnection();
				Connection second = context.getBean(DataSource.class).getConnection();
				Connection third = context.getBean(DataSource.class).getConnection()) {
			for (Connection connection : List.of(first, second, third)) {
				assertThat(show(connection, "timezone")).isEqualTo("UTC");
				assertThat(show(connection, "statement_timeout")).isEqualTo("30s");
			}
		}
	}

	@Test
	void idleConnectionsGoAfterTheirTime() throws Exception {
		try (Sessions sessions = new Sessions(server);
				ConfigurableApplicationContext context = run("pool.database.min-size=0",
						"pool.database.max-inactive-lifetime=10s",
						"spring.datasource.url=" + server.jdbcUrl() + "?ApplicationName=idle")) {
			DataSource pool = context.getBean(DataSource.class);
			try (Connection first = pool.getConnection(); Connection second = pool.getConnection()) {
				assertThat(sessions.of("idle")).isEqualTo(2);
				assertThat(first).isNotSameAs(second);
			}
			// HikariCP looks every 30 seconds
			await().atMost(Duration.ofSeconds(75))
				.pollInterval(Duration.ofSeconds(1))
				.untilAsserted(() -> assertThat(sessions.of("idle")).isZero());
		}
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains(" WARN ") && line.contains("zone")).toList();
	}

	private static String show(String setting, String... properties) throws SQLException {
		try (ConfigurableApplicationContext context = run(properties)) {
			return show(context, setting);
		}
	}

	private static String show(ConfigurableApplicationContext context, String setting) throws SQLException {
		try (Connection connection = context.getBean(DataSource.class).getConnection()) {
			return show(connection, setting);
		}
	}

	private static String show(Connection connection, String setting) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SHOW " + setting)) {
			row.next();
			return row.getString(1);
		}
	}

	private static ConfigurableApplicationContext run(String... properties) {
		TestApplication application = TestApplication.automatic()
			.withDefault("spring.datasource.url", server.jdbcUrl())
			.withDefault("spring.datasource.username", server.username())
			.withDefault("spring.datasource.password", server.password())
			.withDefault("pool.profile", "dev")
			.with(properties);
		return application.run();
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		@Primary
		HikariDataSource orders() {
			return pool();
		}

		@Bean
		HikariDataSource reports() {
			return pool();
		}

		private static HikariDataSource pool() {
			return DataSourceBuilder.create()
				.type(HikariDataSource.class)
				.url(server.jdbcUrl())
				.username(server.username())
				.password(server.password())
				.build();
		}

	}

}
