package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.LeasesImpossibleException;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Applications of the profile prod that say nothing of replicas and leases, on
 * PostgreSQL: they lease where that is possible, and say why where it isn't.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class LeaseAutoIT {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String[] TAKE = { "pg_try_advisory_lock(int, int)", "pg_try_advisory_lock_shared(int, int)" };

	private static PostgresServer server;

	// 60 - 3 = 57, less 10 % = 51, of which 2 are seats
	private static final int SLOTS = 49;

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeAll
	static void startServer() {
		server = PostgresServer.builder().maxConnections(60).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	private ConfigurableApplicationContext runAs(Class<?> more, String user, String password, String... properties) {
		ConfigurableApplicationContext context = TestApplication.automatic(more)
			.with("spring.profiles.active=prod", "spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.username=" + user, "spring.datasource.password=" + password)
			.with(properties)
			.run();
		this.open.add(0, context);
		return context;
	}

	private ConfigurableApplicationContext run(Class<?> more, String... properties) {
		return runAs(more, server.username(), server.password(), properties);
	}

	private ConfigurableApplicationContext run(String... properties) {
		return run(Nothing.class, properties);
	}

	private ConfigurableApplicationContext runAsFew() {
		return runAs(Nothing.class, "few", "few", "pool.database.acquire-timeout=1s");
	}

	private static PoolGovernor governor(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class);
	}

	private static FleetMode mode(ConfigurableApplicationContext context) {
		return governor(context).fleet().mode();
	}

	private static void borrow(ConfigurableApplicationContext context) throws SQLException {
		context.getBean(DataSource.class).getConnection().close();
	}

	@Test
	void applicationThatSaysNothingLeases() throws SQLException {
		ConfigurableApplicationContext context = run();
		borrow(context);
		assertThat(mode(context)).isEqualTo(FleetMode.LEASES);
		assertThat(governor(context).pools().get(0).reasons()).anyMatch((reason) -> reason.startsWith("leases: "));
	}

	@Test
	void toldTheNumberOfInstancesItDivides() {
		assertThat(mode(run("pool.replicas=2"))).isEqualTo(FleetMode.FIXED);
		assertThat(mode(run("pool.leases.mode=off"))).isEqualTo(FleetMode.BLIND);
	}

	@Test
	void poolThatTakesNoSlotsKeepsTheInstanceOut(CapturedOutput output) throws SQLException {
		for (Class<?> order : List.of(LegacyFirst.class, LegacyLast.class)) {
			ConfigurableApplicationContext context = run(order);
			assertThat(mode(context)).isEqualTo(FleetMode.BLIND);
			assertThat(governor(context).pool("primary").orElseThrow().allotment()).isEqualTo(51 - 2);
			borrow(context);
		}
		assertThat(output).contains("primary: no leases, since the connections of legacy take no slots");
	}

	@Test
	void poolThatTakesNoSlotsStopsTheStartWhereLeasesAreAMust() {
		assertThatThrownBy(() -> run(LegacyLast.class, "pool.leases.mode=on")).rootCause()
			.isInstanceOf(LeasesImpossibleException.class)
			.hasMessageContaining("its connections take no slots");
		assertThatThrownBy(() -> run(LegacyFirst.class, "pool.leases.mode=on")).rootCause()
			.isInstanceOf(LeasesImpossibleException.class);
	}

	@Test
	void sessionsThatHoldNoSlotShrinkTheFleetBeyondTheReserve() throws Exception {
		ConfigurableApplicationContext context = run();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(slots(context)).isEqualTo(SLOTS));
		List<Connection> outside = connect(26, server.username(), server.password());
		try {
			// 57 - 26 = 31, of which 2 are seats, or a few less where another test left a
			// session
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(slots(context)).isBetween(23, 29));
		}
		finally {
			close(outside);
		}
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(slots(context)).isEqualTo(SLOTS));
	}

	/**
	 * Others have more sessions than the role may have, or than somebody gives to this
	 * application: only who counts against a limit takes from it.
	 */
	@Test
	void sessionsOfOthersTakeNothingFromTheLimitOfTheRoleAndOneThatWasSetByHand() throws Exception {
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE limited LOGIN PASSWORD 'limited' CONNECTION LIMIT 20");
		}
		List<Connection> outside = connect(22, server.username(), server.password());
		try {
			ConfigurableApplicationContext limited = runAs(Nothing.class, "limited", "limited",
					"pool.leases.namespace=limited");
			ConfigurableApplicationContext byHand = run("pool.database.budget.limit=20",
					"pool.leases.namespace=by-hand");
			// 20, less 10 % and 2 seats; sessions are counted every 5 s, and count when
			// two
			// counts have seen them
			await().during(Duration.ofSeconds(12)).atMost(PATIENCE.plus(PATIENCE)).untilAsserted(() -> {
				assertThat(slots(limited)).isEqualTo(16);
				assertThat(slots(byHand)).isEqualTo(16);
			});
			outside.addAll(connect(8, "limited", "limited"));
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(slots(limited)).isEqualTo(20 - 8 - 2));
		}
		finally {
			close(outside);
		}
	}

	private static List<Connection> connect(int count, String user, String password) throws SQLException {
		List<Connection> connections = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			connections.add(DriverManager.getConnection(server.jdbcUrl(), user, password));
		}
		return connections;
	}

	private static void close(List<Connection> connections) throws SQLException {
		for (Connection connection : connections) {
			connection.close();
		}
	}

	private static int slots(ConfigurableApplicationContext context) {
		LeaseShare share = governor(context).leases().get(0);
		return (share.fleet() != null) ? share.fleet().slots() : 0;
	}

	/**
	 * Others that lease lose nothing: its sessions count as those of other programs.
	 */
	@Test
	void missingRightIsBlindEvenIfOthersShareByLeases(CapturedOutput output) throws Exception {
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE few LOGIN PASSWORD 'few'");
			for (String function : TAKE) {
				sessions.execute("REVOKE EXECUTE ON FUNCTION pg_catalog." + function + " FROM PUBLIC");
			}
			try {
				ConfigurableApplicationContext other = run();
				borrow(other);
				ConfigurableApplicationContext barred = runAsFew();
				borrow(barred);
				assertThat(mode(barred)).isEqualTo(FleetMode.BLIND);
				assertThat(mode(other)).isEqualTo(FleetMode.LEASES);
				assertThat(output).contains("primary: no leases, since the role may not use what leases need");
			}
			finally {
				grant(sessions);
			}
		}
	}

	private static void grant(Sessions sessions) throws SQLException {
		for (String function : TAKE) {
			sessions.execute("GRANT EXECUTE ON FUNCTION pg_catalog." + function + " TO PUBLIC");
		}
	}

	@Test
	void databasesOfOneServerShareThroughOneOfThem() throws Exception {
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE DATABASE coordination");
			sessions.execute("CREATE ROLE coordinator LOGIN PASSWORD 'coordinator'");
			ConfigurableApplicationContext context = run("pool.leases.url=" + server.jdbcUrl("coordination"),
					"pool.leases.username=coordinator", "pool.leases.password=coordinator");
			borrow(context);
			assertThat(mode(context)).isEqualTo(FleetMode.LEASES);
			assertThat(sessions.number("SELECT count(*) FROM pg_stat_activity WHERE datname = 'coordination'"
					+ " AND usename = 'coordinator' AND application_name LIKE 'poolwise1 %'"))
				.isOne();
		}
	}

	@Test
	void anotherServerCannotCoordinate(CapturedOutput output) {
		try (PostgresServer another = PostgresServer.builder().start()) {
			String[] coordination = { "pool.leases.url=" + another.jdbcUrl(),
					"pool.leases.username=" + another.username(), "pool.leases.password=" + another.password() };
			assertThat(mode(run(coordination))).isEqualTo(FleetMode.BLIND);
			assertThat(output).contains("primary: no leases, since pool.leases.url leads to another server");
			assertThatThrownBy(() -> run(coordination[0], coordination[1], coordination[2], "pool.leases.mode=on"))
				.rootCause()
				.isInstanceOf(LeasesImpossibleException.class)
				.hasMessageContaining("pool.leases.url leads to another server");
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	/**
	 * A pool that starts in its constructor: nobody can make it take slots.
	 */
	private static HikariDataSource legacy(String url) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(server.username());
		config.setPassword(server.password());
		config.setMaximumPoolSize(2);
		return new HikariDataSource(config);
	}

	private static HikariDataSource governed(String url) {
		return DataSourceBuilder.create()
			.type(HikariDataSource.class)
			.url(url)
			.username(server.username())
			.password(server.password())
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	static class LegacyFirst {

		@Bean
		HikariDataSource legacy() {
			return LeaseAutoIT.legacy(server.jdbcUrl());
		}

		@Bean
		@Primary
		HikariDataSource orders() {
			return governed(server.jdbcUrl());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LegacyLast {

		@Bean
		@Primary
		HikariDataSource orders() {
			return governed(server.jdbcUrl());
		}

		@Bean
		HikariDataSource legacy() {
			return LeaseAutoIT.legacy(server.jdbcUrl());
		}

	}

}
