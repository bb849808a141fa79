package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.poolwise.lease.AbstractSlotLedgerTests;
import io.poolwise.lease.Announcement;
import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.Grant;
import io.poolwise.lease.Demand;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger.Fenced;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.Snapshot;
import io.poolwise.lease.Strangers;
import io.poolwise.testservers.PgBouncerServer;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * PostgreSQL keeps the contract.
 */
class PostgresSlotLedgerIT extends AbstractSlotLedgerTests {

	private static PostgresServer server;

	@BeforeAll
	static void start() throws SQLException {
		server = PostgresServer.builder().start();
		execute("CREATE DATABASE other");
		execute("CREATE DATABASE closed");
		execute("CREATE ROLE app LOGIN PASSWORD 'app'");
		execute("CREATE ROLE barred LOGIN PASSWORD 'barred'");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static Connection connect(String url, String user) throws SQLException {
		return DriverManager.getConnection(url, user, user);
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = connect(server.jdbcUrl(), "postgres");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	protected SlotLedger<Connection> ledger(String namespace) {
		return new PostgresSlotLedger(() -> connect(server.jdbcUrl(), "app"), namespace);
	}

	@Override
	protected Connection connect() throws SQLException {
		return connect(server.jdbcUrl(), "app");
	}

	@Override
	protected void kill(SessionId session) throws SQLException {
		execute("SELECT pg_terminate_backend(" + session.pid() + ")");
	}

	@Override
	protected String giveBackAll() {
		return "SELECT pg_advisory_unlock_all()";
	}

	@Override
	protected Connection connectElsewhere() throws SQLException {
		return connect(server.jdbcUrl("other"), "postgres");
	}

	@Override
	protected boolean countsDatabases() {
		return true;
	}

	@Override
	protected String take(String namespace, boolean own, int slot) {
		LockKeys keys = LockKeys.of(namespace);
		return "SELECT " + keys.take(own ? slot : keys.use(slot));
	}

	@Override
	protected void announce(Connection session, String namespace, Announcement announcement) throws SQLException {
		LockKeys keys = LockKeys.of(namespace);
		Script.run(session, "SELECT pg_try_advisory_lock_shared(" + keys.nonces() + ", 77); SET application_name = '"
				+ new Announcements(keys).write(announcement) + "'");
	}

	/** Two-part keys are signed for whoever takes one, and unsigned for whoever looks. */
	@Test
	void negativeNumbersOfOthersAreIgnored() throws Exception {
		LockKeys keys = LockKeys.of("negative");
		try (Connection stranger = connect()) {
			Script.run(stranger, "SELECT " + keys.take(-1) + ", pg_try_advisory_lock(" + keys.nonces() + ", -7)");
			CoordinatorSession one = ledger("negative").open(1, 100);
			assertThat(one.seat()).isEqualTo(1);
			assertThat(one.acquire(List.of(1, 2), 2, 100)).containsExactly(1, 2);
			assertThat(one.pay(1, 1)).isTrue();
			assertThat(one.snapshot(9, Set.of()).held(one.id())).isEqualTo(2);
			assertThat(one.end()).isTrue();
		}
	}

	/** Between two looks a coordinator has nothing to do. */
	@Test
	void idleTimeoutOfTheRoleEndsNoCoordinator() throws Exception {
		execute("CREATE ROLE hasty LOGIN PASSWORD 'hasty'");
		execute("ALTER ROLE hasty SET idle_session_timeout = '300ms'");
		CoordinatorSession one = new PostgresSlotLedger(() -> connect(server.jdbcUrl(), "hasty"), "hasty").open(1, 100);
		boolean heard = one.hears(Duration.ofSeconds(1));
		assertThat(one.server()).isPositive();
		assertThat(one.end()).isTrue();
	}

	/** A member of a later version has words that nobody understands here. */
	@Test
	void memberWhoseAnnouncementIsNotUnderstoodCountsWithWhatItHolds() throws Exception {
		LockKeys keys = LockKeys.of("later");
		CoordinatorSession one = ledger("later").open(2, 100);
		try (Connection later = connect()) {
			announce(later, "later", new Announcement(1, 2, Demand.of(3), 4, 5));
			for (int slot = 1; slot <= 5; slot++) {
				Script.run(later, take("later", true, slot));
			}
			Script.run(later, take("later", false, 5) + "; SET application_name = 'poolwise7 "
					+ Integer.toHexString(keys.slots()) + " something else'");
			assertThat(one.snapshot(9, Set.of()).members())
				.containsOnly(Map.entry(new SessionId(one.id().server(), pid(later), 77), Announcement.unread(77, 5)));
		}
		assertThat(one.end()).isTrue();
	}

	private static long pid(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getBackendPID();
	}

	@Test
	void namespaceSpansTheDatabasesAndRolesOfTheServer() throws Exception {
		CoordinatorSession one = ledger("spanning").open(1, 100);
		CoordinatorSession other = new PostgresSlotLedger(() -> connect(server.jdbcUrl("other"), "postgres"),
				"spanning")
			.open(1, 100);
		assertThat(one.seat()).isEqualTo(1);
		assertThat(other.seat()).isZero();
		one.acquire(List.of(1, 2), 2, 100);
		assertThat(other.acquire(List.of(1, 2, 3), 3, 100)).containsExactly(3);
		assertThat(one.snapshot(3, Set.of()).owner(3)).isEqualTo(other.id());
		assertThat(one.end()).isTrue();
		assertThat(other.acquire(List.of(1, 2), 2, 100)).containsExactlyInAnyOrder(1, 2);
		assertThat(other.end()).isTrue();
	}

	/** NOTIFY reaches the sessions of one database only. */
	@Test
	void memberOfAnotherDatabaseIsFoundByLooking() throws Exception {
		CoordinatorSession one = ledger("apart").open(3, 100);
		CoordinatorSession other = ledger("apart").open(3, 100);
		one.announce(new Announcement(1, 9, Demand.of(2), 0, 0));
		other.announce(new Announcement(2, 9, Demand.of(2), 0, 0));
		long version = one.snapshot(9, Set.of()).version();
		assertThat(one.poll()).isEqualTo(version);
		CoordinatorSession apart = new PostgresSlotLedger(() -> connect(server.jdbcUrl("other"), "postgres"), "apart")
			.open(3, 100);
		apart.announce(new Announcement(3, 9, Demand.of(2), 0, 0));
		assertThat(one.poll()).isNotEqualTo(version);
		assertThat(other.hears(Duration.ofSeconds(5))).as("told by one").isTrue();
		for (CoordinatorSession each : List.of(one, other, apart)) {
			assertThat(each.end()).isTrue();
		}
	}

	private LedgerFitness examine(PostgresSlotLedger ledger, Connection session) throws SQLException {
		try (session) {
			return ledger.examine(session);
		}
	}

	@Test
	void ordinaryRoleIsFitInEveryDatabaseOfTheServer() throws Exception {
		PostgresSlotLedger ledger = new PostgresSlotLedger(this::connect, "fit");
		LedgerFitness fitness = examine(ledger, connect());
		assertThat(fitness.objection()).isNull();
		assertThat(fitness.authenticationTimeout()).isEqualTo(Duration.ofSeconds(60));
		assertThat(examine(ledger, connect(server.jdbcUrl("other"), "postgres"))).isEqualTo(fitness);
	}

	@Test
	void roleWithoutTheRightIsTold() throws Exception {
		execute("REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) FROM PUBLIC");
		execute("GRANT EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) TO app");
		try {
			LedgerFitness fitness = examine(new PostgresSlotLedger(this::connect, "barred"),
					connect(server.jdbcUrl(), "barred"));
			assertThat(fitness.objection()).contains("pg_try_advisory_lock");
		}
		finally {
			execute("GRANT EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) TO PUBLIC");
		}
	}

	@Test
	void poolSessionsNoticeAGoneHostWithinTwoMinutesAndSlowReadersNever() throws Exception {
		assertThat(tcpSettings("")).isEqualTo("60 10 6 0 1s");
	}

	@ParameterizedTest
	@CsvSource({ "tcp_keepalives_idle=300, 300 75 9 0 1s", "tcp_keepalives_count=3, 7200 75 3 0 1s",
			"tcp_keepalives_interval=20, 7200 20 9 0 1s", "tcp_user_timeout=4000, 60 10 6 4000 1s",
			"client_connection_check_interval=2s, 60 10 6 0 2s" })
	void poolSessionsKeepTheTcpSettingsThatSomebodyMade(String setting, String settings) throws Exception {
		assertThat(tcpSettings("?options=-c%20" + setting)).isEqualTo(settings);
		String[] parts = setting.split("=");
		execute("ALTER ROLE app SET " + parts[0] + " = '" + parts[1] + "'");
		try {
			assertThat(tcpSettings("")).isEqualTo(settings);
		}
		finally {
			execute("ALTER ROLE app RESET " + parts[0]);
		}
	}

	/**
	 * A connect of unknown outcome would count as outstanding for the authentication
	 * timeout.
	 */
	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "28P01, -, -, app, wrong, postgres", "3D000, -, -, app, app, nowhere",
			"42501, REVOKE CONNECT ON DATABASE closed FROM PUBLIC, -, app, app, closed",
			"55000, ALTER DATABASE closed ALLOW_CONNECTIONS false, ALTER DATABASE closed ALLOW_CONNECTIONS true, app,"
					+ " app, closed",
			"53300, ALTER ROLE app CONNECTION LIMIT 0, ALTER ROLE app CONNECTION LIMIT -1, app, app, postgres",
			"22023, -, -, app, app, postgres?options=-c%20statement_timeout=nonsense",
			"28000, ALTER ROLE barred NOLOGIN, ALTER ROLE barred LOGIN, barred, barred, postgres" })
	void connectThatTheServerRefusesLeavesNoSession(String state, String before, String after, String role,
			String password, String database) throws Exception {
		execute((before != null) ? before : "SELECT 1");
		try {
			String[] path = database.split("\\?", 2);
			String url = server.jdbcUrl(path[0]) + ((path.length > 1) ? "?" + path[1] : "");
			PostgresSlotLedger ledger = new PostgresSlotLedger(() -> DriverManager.getConnection(url, role, password),
					"refused");
			assertThatThrownBy(() -> ledger.open(1, 100)).isInstanceOfSatisfying(LedgerException.class, (failure) -> {
				assertThat(failure.getCause()).isInstanceOfSatisfying(SQLException.class,
						(cause) -> assertThat(cause.getSQLState()).isEqualTo(state));
				assertThat(failure.sessionGone()).isTrue();
			});
		}
		finally {
			execute((after != null) ? after : "SELECT 1");
		}
	}

	private String tcpSettings(String options) throws Exception {
		CoordinatorSession owner = ledger("tcp").open(1, 100);
		owner.acquire(List.of(1), 1, 100);
		try (Connection session = connect(server.jdbcUrl() + options, "app")) {
			assertThat(ledger("tcp").fence(session, new Grant(1, 1, owner.id()))).matches(SlotLedger.Fenced::useTaken);
			String[] settings = new String[1];
			Script.run(session, "SELECT concat_ws(' ', current_setting('tcp_keepalives_idle'),"
					+ " current_setting('tcp_keepalives_interval'), current_setting('tcp_keepalives_count'),"
					+ " current_setting('tcp_user_timeout'), current_setting('client_connection_check_interval'))",
					(row) -> settings[0] = row.getString(1));
			return settings[0];
		}
		finally {
			owner.end();
		}
	}

	/** Nobody but a superuser sees which sessions of another role are workers. */
	@ParameterizedTest
	@ValueSource(ints = { 15, 16, 18 })
	void parallelWorkersOfAnotherRoleAreNoStrangers(int version) throws Exception {
		try (PostgresServer server = PostgresServer.builder().version(version).start();
				Connection admin = connect(server.jdbcUrl(), "postgres");
				Connection analyst = connect(server.jdbcUrl(), "postgres");
				Statement statement = analyst.createStatement()) {
			Script.run(admin, "CREATE DATABASE other");
			Script.run(admin, "CREATE ROLE app LOGIN PASSWORD 'app'; CREATE TABLE rows AS"
					+ " SELECT generate_series(1, 100000) AS i; ANALYZE rows");
			CoordinatorSession one = new PostgresSlotLedger(() -> connect(server.jdbcUrl(), "app"), "parallel").open(1,
					100);
			Strangers idle = one.strangers(true);
			assertThat(idle).isEqualTo(new Strangers(2, 2, 0));
			statement.execute("SET max_parallel_workers_per_gather = 4; SET parallel_setup_cost = 0;"
					+ "SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;"
					+ "SET application_name = 'reports'");
			Thread query = new Thread(() -> {
				try {
					statement.execute("SELECT count(pg_sleep(0.01)) FROM rows");
				}
				catch (SQLException ex) {
					// cancelled
				}
			});
			query.start();
			try {
				await().until(() -> workers(admin) >= 2);
				assertThat(one.strangers(true)).isEqualTo(idle);
				assertThat(workers(admin)).as("still there").isGreaterThanOrEqualTo(2);
				try (Connection more = connect(server.jdbcUrl(), "postgres");
						Connection elsewhere = connect(server.jdbcUrl("other"), "app")) {
					assertThat(more.isValid(5) && elsewhere.isValid(5)).isTrue();
					assertThat(one.strangers(true)).isEqualTo(new Strangers(4, 3, 1));
				}
			}
			finally {
				statement.cancel();
				query.join();
			}
			assertThat(one.end()).isTrue();
		}
	}

	private static int workers(Connection admin) throws SQLException {
		int[] workers = new int[1];
		Script.run(admin, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'parallel worker'",
				(row) -> workers[0] = row.getInt(1));
		return workers[0];
	}

	@ParameterizedTest
	@ValueSource(strings = { "session", "transaction" })
	void poolerIsRefused(String mode) throws Exception {
		try (PgBouncerServer pooler = PgBouncerServer.builder(server).poolMode(mode).start()) {
			LedgerFitness fitness = examine(new PostgresSlotLedger(this::connect, "pooled"),
					connect(pooler.jdbcUrl() + "?prepareThreshold=0", "postgres"));
			assertThat(fitness.objection()).contains("pooler");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 16 })
	void olderServersAreFitAndKeepSlots(int version) throws Exception {
		try (PostgresServer older = PostgresServer.builder().version(version).start()) {
			PostgresSlotLedger ledger = new PostgresSlotLedger(() -> connect(older.jdbcUrl(), "postgres"), "older");
			LedgerFitness fitness = examine(ledger, connect(older.jdbcUrl(), "postgres"));
			assertThat(fitness.objection()).isNull();
			assertThat(examine(ledger, connect()).server()).isNotEqualTo(fitness.server());
			CoordinatorSession session = ledger.open(1, 100);
			assertThat(session.acquire(List.of(1, 2, 3), 2, 100)).hasSize(2);
			assertThat(session.server()).isEqualTo(session.id().server()).isEqualTo(fitness.server());
			assertThat(session.end()).isTrue();
		}
	}

	@Test
	void promotionKeepsSessionsAndLocksAndBringsHints() throws Exception {
		try (PostgresServer standby = server.startStandby()) {
			PostgresSlotLedger ledger = new PostgresSlotLedger(() -> connect(standby.jdbcUrl(), "postgres"),
					"promoted");
			CoordinatorSession coordinator = ledger.open(2, 100);
			coordinator.acquire(List.of(1, 2, 3), 3, 100);
			coordinator.pay(1, coordinator.seat());
			try (Connection first = connect(standby.jdbcUrl(), "postgres");
					Connection second = connect(standby.jdbcUrl(), "postgres")) {
				SessionId before = ledger.fence(first, new Grant(2, 1, coordinator.id())).session();
				standby.promote();
				Snapshot snapshot = coordinator.snapshot(3, Set.of(before));
				assertThat(snapshot.paid(coordinator.id())).isTrue();
				assertThat(snapshot.user(2)).isEqualTo(before);
				assertThat(snapshot.alive()).containsExactly(before);
				assertThat(ledger.fence(second, new Grant(3, 1, coordinator.id()))).matches(Fenced::ownHeld);
				coordinator.poll();
				assertThat(coordinator.listens()).isTrue();
				CoordinatorSession other = ledger.open(2, 100);
				assertThat(other.id().server()).isEqualTo(coordinator.id().server());
				assertThat(other.acquire(List.of(1, 2, 3), 1, 100)).isEmpty();
				assertThat(other.end()).isTrue();
				assertThat(coordinator.hears(Duration.ofSeconds(5))).isTrue();
			}
			assertThat(coordinator.end()).isTrue();
		}
	}

	@Test
	void standbyHasALedgerOfItsOwnWithoutHints() throws Exception {
		try (PostgresServer standby = server.startStandby()) {
			PostgresSlotLedger ledger = new PostgresSlotLedger(() -> connect(standby.jdbcUrl(), "postgres"), "standby");
			assertThat(examine(ledger, connect(standby.jdbcUrl(), "postgres")).objection()).isNull();
			CoordinatorSession session = ledger.open(1, 100);
			assertThat(session.listens()).isFalse();
			assertThat(session.acquire(List.of(1, 2, 3), 2, 100)).hasSize(2);
			assertThat(session.end()).isTrue();
		}
	}

}
