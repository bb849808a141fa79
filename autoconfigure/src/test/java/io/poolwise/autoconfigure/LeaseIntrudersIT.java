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
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Other programs that hold locks and names like those of a fleet, as any login can.
 */
@Timeout(180)
class LeaseIntrudersIT {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	// 60 - 3 = 57, less 10 % = 51, of which 2 are seats and one is the coordinator's
	private static final int SESSIONS = 48;

	private final List<AutoCloseable> open = new ArrayList<>();

	private Sessions sessions;

	private ConfigurableApplicationContext instance;

	private Load load;

	private Connection intruder;

	/** What the coordinators say themselves: the first part of slots, and of marks. */
	private long slots;

	private long marks;

	@BeforeEach
	void startWorkingAlone() throws Exception {
		PostgresServer server = keep(PostgresServer.builder().maxConnections(60).start());
		this.sessions = keep(new Sessions(server));
		this.sessions.execute("CREATE ROLE intruder LOGIN PASSWORD 'intruder'");
		this.instance = keep(TestApplication.automatic()
			.with("spring.profiles.active=prod", "pool.leases.mode=on", "spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password())
			.run());
		this.load = keep(new Load()).on(this.instance.getBean(DataSource.class), 60, "SELECT pg_sleep(0.05)");
		await().atMost(PATIENCE).until(() -> share().sessions() == SESSIONS);
		this.intruder = keep(DriverManager.getConnection(server.jdbcUrl(), "intruder", "intruder"));
		this.slots = this.sessions
			.number("SELECT ('x' || lpad(split_part(application_name, ' ', 2), 8, '0'))::bit(32)::int"
					+ " FROM pg_stat_activity WHERE application_name LIKE 'poolwise1 %'");
		this.marks = this.sessions
			.number("SELECT classid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid <> " + this.slots
					+ " LIMIT 1");
	}

	@AfterEach
	void close() throws Exception {
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	@Test
	void locksWithOddNumbersTakeNothing() throws Exception {
		intrude("SELECT pg_try_advisory_lock(%1$d, n) FROM (VALUES (260000000), (536000000), (-1), (2147483647)) AS v(n)");
		intrude("SELECT pg_try_advisory_lock(%2$d, -5)");
		nothingIsTaken();
	}

	@Test
	void announcementsTakeNothing() throws Exception {
		intrude("SELECT pg_try_advisory_lock_shared(%2$d, 5)");
		intrude("SET application_name = 'poolwise1 %1$x 1f 0 90 90 40 1'");
		nothingIsTaken();
		intrude("SET application_name = 'poolwise1 %1$x 0 -1 x'");
		nothingIsTaken();
	}

	/** Slots that a false member holds are gone; what it says of others is not heard. */
	@Test
	void falseMemberTakesNoMoreThanAMemberWould() throws Exception {
		intrude("SELECT pg_try_advisory_lock_shared(%2$d, 5)");
		intrude("SET application_name = 'poolwise1 %1$x 1f 2 90 90 40 1'");
		intrude("SELECT pg_try_advisory_lock(%1$d, 1), pg_try_advisory_lock(%1$d, 1 | 1 << 28) FROM pg_sleep(0)");
		intrude("NOTIFY poolwise_%1$x");
		await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> share().sessions() >= SESSIONS - 2);
		assertThat(this.load.failures()).isEmpty();
	}

	/** The coordinator looks again, and a new one joins. */
	private void nothingIsTaken() throws SQLException {
		intrude("NOTIFY poolwise_%1$x");
		await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> share().sessions() == SESSIONS);
		int before = this.load.done();
		this.sessions.execute(
				"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'intruder' AND application_name"
						+ " LIKE 'poolwise1 %'");
		await().atMost(PATIENCE).until(() -> !share().degraded() && share().sessions() == SESSIONS);
		await().atMost(PATIENCE).until(() -> this.load.done() > before + 2 * SESSIONS);
		assertThat(this.load.failures()).isEmpty();
	}

	private void intrude(String sql) throws SQLException {
		try (Statement statement = this.intruder.createStatement()) {
			statement.execute(sql.formatted(this.slots, this.marks));
		}
	}

	private LeaseShare share() {
		return this.instance.getBean(PoolGovernor.class).leases().get(0);
	}

	private <T extends AutoCloseable> T keep(T each) {
		this.open.add(each);
		return each;
	}

}
