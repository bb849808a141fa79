package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.poolwise.governor.FleetMode;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Servers whose operators took rights from {@code PUBLIC}, one at a time: whatever is
 * missing, an application with the starter borrows as one without does.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class MissingRightsIT {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	/** What is read of the server, and could be had in another way. */
	private static final List<String> SPARED = List.of("pg_settings", "pg_roles", "pg_control_system()",
			"pg_show_all_settings()", "pg_has_role(name, oid, text)", "inet_server_addr()");

	private static final List<String> NEEDED = List.of("pg_stat_activity", "pg_locks", "pg_database",
			"pg_stat_database", "pg_try_advisory_lock(int, int)", "pg_try_advisory_lock_shared(int, int)",
			"pg_advisory_unlock(int, int)", "pg_postmaster_start_time()", "pg_stat_get_activity(int)",
			"pg_lock_status()", "current_setting(text)", "set_config(text, text, bool)",
			"pg_terminate_backend(int, bigint)", "pg_backend_pid()", "pg_is_in_recovery()", "current_database()",
			"pg_stat_get_db_numbackends(oid)");

	/** What an instance that is alone does not do while it keeps its slots. */
	private static final Set<String> NOT_MISSED_ALONE = Set.of("pg_advisory_unlock(int, int)", "current_setting(text)",
			"pg_terminate_backend(int, bigint)", "pg_stat_database", "pg_stat_get_db_numbackends(oid)");

	private static PostgresServer server;

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeAll
	static void startServer() throws SQLException {
		server = PostgresServer.builder().maxConnections(60).start();
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
		}
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

	static Stream<String> rights() {
		return Stream.concat(SPARED.stream(), NEEDED.stream());
	}

	static Stream<String> needed() {
		return NEEDED.stream();
	}

	private ConfigurableApplicationContext run(String... properties) {
		ConfigurableApplicationContext context = TestApplication.automatic(LeaseAutoIT.Nothing.class)
			.with("spring.profiles.active=prod", "spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.username=app", "spring.datasource.password=app",
					"pool.database.acquire-timeout=10s")
			.with(properties)
			.run();
		this.open.add(0, context);
		return context;
	}

	private static void use(ConfigurableApplicationContext context) throws SQLException {
		try (Connection connection = context.getBean(DataSource.class).getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
	}

	private static PoolReport report(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
	}

	private static FleetMode mode(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).fleet().mode();
	}

	private static String object(String right) {
		return right.contains("(") ? "EXECUTE ON FUNCTION pg_catalog." + right : "ALL ON pg_catalog." + right;
	}

	private static void revoke(String right) throws SQLException {
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("REVOKE " + object(right) + " FROM PUBLIC");
		}
	}

	private static void grant(String right) throws SQLException {
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("GRANT " + object(right).replace("ALL ON", "SELECT ON") + " TO PUBLIC");
		}
	}

	@ParameterizedTest
	@MethodSource("rights")
	void applicationBorrowsAsOneWithout(String right, CapturedOutput output) throws Exception {
		revoke(right);
		try {
			use(run("pool.enabled=false"));
			ConfigurableApplicationContext context = run();
			for (int i = 0; i < 3; i++) {
				use(context);
			}
			if (SPARED.contains(right)) {
				assertThat(mode(context)).isEqualTo(FleetMode.LEASES);
			}
			else {
				assertThat(mode(context)).isEqualTo(FleetMode.BLIND);
				assertThat(output).containsOnlyOnce("primary: no leases, since the role may not use what leases need");
				assertThat(report(context).target().max()).isEqualTo(10);
			}
			// 60 - 3 = 57, less 10 %
			assertThat(report(context).budget()).isNotNull();
			assertThat(report(context).budget().connections()).isEqualTo(51);
		}
		finally {
			grant(right);
		}
	}

	@ParameterizedTest
	@MethodSource("needed")
	void rightThatIsTakenLaterFailsNoBorrow(String right, CapturedOutput output) throws Exception {
		ConfigurableApplicationContext context = run("pool.database.min-size=2", "pool.database.max-size=20");
		use(context);
		assertThat(mode(context)).isEqualTo(FleetMode.LEASES);
		DataSource pool = context.getBean(DataSource.class);
		List<Connection> held = new ArrayList<>();
		revoke(right);
		try {
			// more than are open, so that new ones are needed
			for (int i = 0; i < 12; i++) {
				Connection connection = pool.getConnection();
				held.add(connection);
				try (Statement statement = connection.createStatement()) {
					statement.execute("SELECT 1");
				}
			}
			if (!NOT_MISSED_ALONE.contains(right)) {
				await().atMost(PATIENCE).until(() -> mode(context) == FleetMode.BLIND);
				assertThat(output).containsOnlyOnce("primary: no leases, since the role may not use what leases need");
				await().atMost(PATIENCE).untilAsserted(() -> assertThat(report(context).target().max()).isEqualTo(20));
			}
		}
		finally {
			for (Connection connection : held) {
				connection.close();
			}
			grant(right);
		}
	}

}
