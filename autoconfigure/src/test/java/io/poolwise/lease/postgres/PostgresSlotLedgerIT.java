package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.poolwise.lease.AbstractSlotLedgerTests;
import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.testservers.PgBouncerServer;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

	@Test
	void namespaceSpansTheDatabasesAndRolesOfTheServer() throws Exception {
		CoordinatorSession one = ledger("spanning").open(1);
		CoordinatorSession other = new PostgresSlotLedger(() -> connect(server.jdbcUrl("other"), "postgres"),
				"spanning")
			.open(1);
		assertThat(one.seat()).isEqualTo(1);
		assertThat(other.seat()).isZero();
		one.acquire(List.of(1, 2), 2);
		assertThat(other.acquire(List.of(1, 2, 3), 3)).containsExactly(3);
		assertThat(one.snapshot(3, Set.of()).owner(3)).isEqualTo(other.id());
		assertThat(one.end()).isTrue();
		assertThat(other.acquire(List.of(1, 2), 2)).containsExactlyInAnyOrder(1, 2);
		assertThat(other.end()).isTrue();
	}

	@Test
	void ordinaryRoleIsFit() throws Exception {
		LedgerFitness fitness = new PostgresSlotLedger(this::connect, "fit").examine(this::connect);
		assertThat(fitness).isEqualTo(LedgerFitness.fit(Duration.ofSeconds(60)));
	}

	@Test
	void coordinationDatabaseMayBeAnotherOfTheSameServer() throws Exception {
		LedgerFitness fitness = new PostgresSlotLedger(() -> connect(server.jdbcUrl("other"), "postgres"), "fit")
			.examine(this::connect);
		assertThat(fitness.objection()).isNull();
	}

	@Test
	void roleWithoutTheRightIsTold() throws Exception {
		execute("REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) FROM PUBLIC");
		execute("GRANT EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) TO app");
		try {
			LedgerFitness fitness = new PostgresSlotLedger(() -> connect(server.jdbcUrl(), "barred"), "barred")
				.examine(this::connect);
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
			assertThatThrownBy(() -> ledger.open(1)).isInstanceOfSatisfying(LedgerException.class, (failure) -> {
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
		CoordinatorSession owner = ledger("tcp").open(1);
		owner.acquire(List.of(1), 1);
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

	@ParameterizedTest
	@ValueSource(strings = { "session", "transaction" })
	void poolerIsRefused(String mode) throws Exception {
		try (PgBouncerServer pooler = PgBouncerServer.builder(server).poolMode(mode).start()) {
			LedgerFitness fitness = new PostgresSlotLedger(
					() -> connect(pooler.jdbcUrl() + "?prepareThreshold=0", "postgres"), "pooled")
				.examine(this::connect);
			assertThat(fitness.objection()).contains("pooler");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 16 })
	void olderServersAreFitAndKeepSlots(int version) throws Exception {
		try (PostgresServer older = PostgresServer.builder().version(version).start()) {
			PostgresSlotLedger ledger = new PostgresSlotLedger(() -> connect(older.jdbcUrl(), "postgres"), "older");
			assertThat(ledger.examine(() -> connect(older.jdbcUrl(), "postgres")).objection()).isNull();
			assertThat(ledger.examine(this::connect).objection()).contains("two servers");
			CoordinatorSession session = ledger.open(1);
			assertThat(session.acquire(List.of(1, 2, 3), 2)).hasSize(2);
			assertThat(session.end()).isTrue();
		}
	}

	@Test
	void standbyHasALedgerOfItsOwnWithoutHints() throws Exception {
		try (PostgresServer standby = server.startStandby()) {
			PostgresSlotLedger ledger = new PostgresSlotLedger(() -> connect(standby.jdbcUrl(), "postgres"), "standby");
			assertThat(ledger.examine(() -> connect(standby.jdbcUrl(), "postgres")).objection()).isNull();
			CoordinatorSession session = ledger.open(1);
			assertThat(session.listens()).isFalse();
			assertThat(session.acquire(List.of(1, 2, 3), 2)).hasSize(2);
			assertThat(session.end()).isTrue();
		}
	}

}
