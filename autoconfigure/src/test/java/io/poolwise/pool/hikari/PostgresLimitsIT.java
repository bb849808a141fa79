package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.budget.ServerLimit;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What PostgreSQL 15, 16 and 18 say that they grant, beside what they do grant.
 */
class PostgresLimitsIT {

	private static final String TOO_MANY_CONNECTIONS = "53300";

	private static PostgresServer fifteen;

	private static PostgresServer sixteen;

	private static PostgresServer eighteen;

	@BeforeAll
	static void start() throws SQLException {
		fifteen = prepared(PostgresServer.builder().version(15));
		sixteen = prepared(PostgresServer.builder().version(16).setting("reserved_connections", "3"));
		eighteen = prepared(PostgresServer.builder().version(18).setting("reserved_connections", "3"));
	}

	@AfterAll
	static void stop() {
		fifteen.close();
		sixteen.close();
		eighteen.close();
	}

	private static PostgresServer prepared(PostgresServer.Builder builder) throws SQLException {
		PostgresServer server = builder.maxConnections(20).setting("superuser_reserved_connections", "4").start();
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), server.username(),
				server.password()); Statement statement = connection.createStatement()) {
			statement.execute("CREATE ROLE ordinary LOGIN PASSWORD 'secret'");
			statement.execute("CREATE ROLE trusted LOGIN PASSWORD 'secret'");
			statement.execute("CREATE ROLE limited LOGIN PASSWORD 'secret' CONNECTION LIMIT 7");
			statement.execute("CREATE ROLE roomy LOGIN PASSWORD 'secret' CONNECTION LIMIT 500");
			statement.execute("CREATE DATABASE small CONNECTION LIMIT 5");
			if (connection.getMetaData().getDatabaseMajorVersion() >= 16) {
				statement.execute("GRANT pg_use_reserved_connections TO trusted");
			}
		}
		return server;
	}

	/**
	 * Copies have the same identifier, port and role.
	 */
	@Test
	void aServerIsTheSameByEachOfItsAddressesAndItsCopyIsAnother() throws SQLException {
		try (PostgresServer server = PostgresServer.builder().setting("listen_addresses", "127.0.0.1,::1").start();
				PostgresServer standby = server.startStandby()) {
			LimitReading byName = read(server.jdbcUrl(), server.username(), server.password());
			LimitReading bySix = read("jdbc:postgresql://[::1]:" + server.port() + "/postgres", server.username(),
					server.password());
			assertThat(bySix).isEqualTo(byName);
			LimitReading copy = read(standby.jdbcUrl(), server.username(), server.password());
			assertThat(identity(copy)).isNotEqualTo(identity(byName));
			standby.promote();
			LimitReading promoted = read(standby.jdbcUrl(), server.username(), server.password());
			assertThat(identity(promoted).value().replace(String.valueOf(standby.port()), ""))
				.isNotEqualTo(identity(byName).value().replace(String.valueOf(server.port()), ""));
		}
	}

	private static ServerIdentity identity(LimitReading reading) {
		return ((LimitReading.Granted) reading).identity();
	}

	private static LimitReading read(String url, String user, String password) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url, user, password)) {
			return new PostgresDialect().read(connection).limit();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 16, 18 })
	void reservedConnectionsAreNotGranted(int version) throws SQLException {
		ServerLimit limit = limit(version, "ordinary", "postgres");
		assertThat(limit.connections()).isEqualTo((version == 15) ? 16 : 13);
		assertThat(limit.reasons()).singleElement()
			.asString()
			.startsWith("PostgreSQL " + version + ".")
			.contains(": max_connections 20 - 4 reserved for superusers")
			.endsWith((version == 15) ? " = 16" : " - 3 reserved_connections that this role may not use = 13");
		assertGrants(limit.connections(), version, "ordinary", "postgres");
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 16, 18 })
	void sessionsOfOthersAreCountedByAnOrdinaryRole(int version) throws SQLException {
		PostgresServer server = server(version);
		try (Connection ordinary = DriverManager.getConnection(server.jdbcUrl(), "ordinary", "secret");
				Connection other = DriverManager.getConnection(server.jdbcUrl(), "limited", "secret");
				Connection small = DriverManager.getConnection(server.jdbcUrl("small"), "trusted", "secret");
				Connection admin = DriverManager.getConnection(server.jdbcUrl(), server.username(),
						server.password())) {
			// sessions of an earlier test may still be on their way out
			await().untilAsserted(() -> assertThat(new PostgresDialect().countSessions(ordinary, 5)).hasValue(4));
			for (Connection each : List.of(other, small, admin)) {
				assertThat(each.isValid(5)).isTrue();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 16, 18 })
	void roleThatMayUseReservedConnectionsIsGrantedThem(int version) throws SQLException {
		ServerLimit limit = limit(version, "trusted", "postgres");
		assertThat(limit.connections()).isEqualTo(16);
		assertThat(limit.reasons()).last().asString().isEqualTo("this role may use the 3 reserved_connections");
		assertGrants(16, version, "trusted", "postgres");
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 16, 18 })
	void limitOfTheRoleDecidesWhereItIsLowest(int version) throws SQLException {
		ServerLimit limit = limit(version, "limited", "postgres");
		assertThat(limit.connections()).isEqualTo(7);
		assertThat(limit.reasons()).last()
			.asString()
			.isEqualTo("the role's connection limit (rolconnlimit) is 7, lower than " + ((version == 15) ? 16 : 13)
					+ ": it decides");
		assertGrants(7, version, "limited", "postgres");
		assertThat(limit(version, "roomy", "postgres").connections()).isEqualTo((version == 15) ? 16 : 13);
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 16, 18 })
	void limitOfTheDatabaseDecidesWhereItIsLowest(int version) throws SQLException {
		ServerLimit limit = limit(version, "limited", "small");
		assertThat(limit.connections()).isEqualTo(5);
		assertThat(limit.reasons()).last()
			.asString()
			.isEqualTo("the database's connection limit (datconnlimit) is 5, lower than 7: it decides");
		assertGrants(5, version, "limited", "small");
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 16, 18 })
	void poolsOfAnyRoleAndDatabaseKnowTheirCommonServer(int version) {
		ServerIdentity identity = granted(read(version, "ordinary", "postgres")).identity();
		assertThat(granted(read(version, "limited", "small")).identity()).isEqualTo(identity);
		int other = (version == 15) ? 18 : 15;
		assertThat(granted(read(other, "ordinary", "postgres")).identity()).isNotEqualTo(identity);
	}

	private static ServerLimit limit(int version, String role, String database) {
		return granted(read(version, role, database)).limit();
	}

	private static LimitReading.Granted granted(LimitReading reading) {
		assertThat(reading).isInstanceOf(LimitReading.Granted.class);
		return (LimitReading.Granted) reading;
	}

	private static LimitReading read(int version, String role, String database) {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl(server(version).jdbcUrl(database));
		settings.setUsername(role);
		settings.setPassword("secret");
		try (GovernedHikariDataSource pool = new GovernedHikariDataSource("limits", settings, PoolSize.of(0, 1),
				SessionDefaults.NONE, ConnectionPermits.UNLIMITED, Runnable::run)) {
			return pool.managedPool().read();
		}
	}

	/**
	 * A session that was closed a moment ago may still take the place of one.
	 */
	private static void assertGrants(int expected, int version, String role, String database) {
		await().untilAsserted(() -> assertThat(opened(server(version).jdbcUrl(database), role)).isEqualTo(expected));
	}

	/**
	 * Opens connections until the server refuses one.
	 */
	private static int opened(String url, String role) throws SQLException {
		List<Connection> connections = new ArrayList<>();
		try {
			while (connections.size() < 50) {
				connections.add(DriverManager.getConnection(url, role, "secret"));
			}
		}
		catch (SQLException ex) {
			assertThat(ex.getSQLState()).isEqualTo(TOO_MANY_CONNECTIONS);
		}
		for (Connection connection : connections) {
			connection.close();
		}
		return connections.size();
	}

	private static PostgresServer server(int version) {
		return switch (version) {
			case 15 -> fifteen;
			case 16 -> sixteen;
			default -> eighteen;
		};
	}

}
