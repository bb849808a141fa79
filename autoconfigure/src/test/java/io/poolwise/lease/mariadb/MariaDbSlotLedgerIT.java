package io.poolwise.lease.mariadb;

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
import io.poolwise.lease.Demand;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger.Fenced;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.Snapshot;
import io.poolwise.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * MariaDB keeps the contract.
 */
class MariaDbSlotLedgerIT extends AbstractSlotLedgerTests {

	private static MariaDbServer server;

	@BeforeAll
	static void start() throws SQLException {
		server = MariaDbServer.builder().start();
		execute("CREATE USER app IDENTIFIED BY 'app'");
		execute("GRANT ALL ON test.* TO app");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), "root", "root");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	protected SlotLedger<Connection> ledger(String namespace) {
		return new MariaDbSlotLedger(this::connect, namespace);
	}

	@Override
	protected Connection connect() throws SQLException {
		return DriverManager.getConnection(server.jdbcUrl(), "app", "app");
	}

	@Override
	protected void kill(SessionId session) throws SQLException {
		execute("KILL " + session.pid());
	}

	@Override
	protected String giveBackAll() {
		return "SELECT RELEASE_ALL_LOCKS()";
	}

	@Override
	protected Connection connectElsewhere() throws SQLException {
		return DriverManager.getConnection(server.jdbcUrl(), "root", "root");
	}

	@Override
	protected boolean countsDatabases() {
		return false;
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "1045, -, -, app, test", "1044, -, -, app, mysql",
			"1049, -, -, root, nowhere", "4151, ALTER USER app ACCOUNT LOCK, ALTER USER app ACCOUNT UNLOCK, app, test",
			"1226, ALTER USER app WITH MAX_CONNECTIONS_PER_HOUR 1, ALTER USER app WITH MAX_CONNECTIONS_PER_HOUR 0,"
					+ " app, test" })
	void connectThatTheServerRefusesLeavesNoSession(int error, String before, String after, String user,
			String database) throws Exception {
		execute((before != null) ? before : "SELECT 1");
		try {
			String password = (error != 1045) ? user : "wrong";
			String url = server.jdbcUrl().replaceFirst("/[^/]*$", "/" + database);
			SessionConnector<Connection, SQLException> connector = () -> DriverManager.getConnection(url, user,
					password);
			MariaDbSlotLedger ledger = new MariaDbSlotLedger(connector, "refused");
			assertThatThrownBy(() -> {
				for (int i = 0; i < 3; i++) {
					ledger.open(1, 100).end();
				}
			}).isInstanceOfSatisfying(LedgerException.class, (failure) -> {
				assertThat(failure.getCause()).isInstanceOfSatisfying(SQLException.class,
						(cause) -> assertThat(cause.getErrorCode()).isEqualTo(error));
				assertThat(failure.sessionGone()).isTrue();
			});
		}
		finally {
			execute((after != null) ? after : "SELECT 1");
		}
	}

	@Override
	protected String take(String namespace, boolean own, int slot) {
		LockNames names = new LockNames(namespace);
		return "SELECT GET_LOCK(" + (own ? names.own(slot) : names.use(slot)) + ", 0)";
	}

	@Override
	protected void announce(Connection session, String namespace, Announcement announcement) throws SQLException {
		LockNames names = new LockNames(namespace);
		MariaDbSessions.query(session, "SELECT GET_LOCK(" + names.expression("session", "CONNECTION_ID()") + ", 0)",
				(row) -> {
				});
		Places.take(session, names).announce(announcement);
	}

	/** The session that began at another place can't be told from others by its bits. */
	@Test
	void bitsThatSomebodyElseHoldsAreGoneRoundAtAnotherPlace() throws Exception {
		LockNames names = new LockNames("bits");
		Announcement announcement = new Announcement(0x7f, 85, Demand.of(12), 4, 7);
		try (Connection stranger = connect()) {
			MariaDbSessions.query(stranger, "SELECT GET_LOCK(" + names.bit(1, 2) + ", 0), GET_LOCK(" + names.bit(1, 64)
					+ ", 0), GET_LOCK(" + names.bit(2, 144) + ", 0)", (row) -> {
					});
			CoordinatorSession one = ledger("bits").open(2, 100);
			one.announce(announcement);
			CoordinatorSession other = ledger("bits").open(2, 100);
			Announcement more = new Announcement(0x7e, 84, Demand.of(12), 4, 7);
			other.announce(more);
			assertThat(other.snapshot(9, Set.of()).members())
				.isEqualTo(Map.of(one.id(), announcement, other.id(), more));
			assertThat(one.end()).isTrue();
			assertThat(other.end()).isTrue();
		}
	}

	@Test
	void halfOfAnAnnouncementIsNotRead() throws Exception {
		LockNames names = new LockNames("half");
		Announcement whole = new Announcement(5, 85, Demand.of(12), 4, 7);
		CoordinatorSession one = ledger("half").open(2, 100);
		try (Connection other = connect()) {
			announce(other, "half", whole);
			MariaDbSessions.query(other, take("half", true, 1), (row) -> {
			});
			MariaDbSessions.query(other, take("half", false, 1), (row) -> {
			});
			assertThat(one.snapshot(9, Set.of()).members()).containsValue(whole);
			MariaDbSessions.query(other, "SELECT GET_LOCK(" + names.bit(2, AnnouncementBits.CHANGING)
					+ ", 0), RELEASE_LOCK(" + names.bit(2, 70) + "), RELEASE_LOCK(" + names.bit(2, 0) + ")", (row) -> {
					});
			assertThat(one.snapshot(9, Set.of()).members()).containsValue(whole).hasSize(1);
			CoordinatorSession late = ledger("half").open(2, 100);
			assertThat(late.snapshot(9, Set.of()).members().values()).extracting(Announcement::demand)
				.containsExactly(Demand.of(2));
			assertThat(late.end()).isTrue();
		}
		assertThat(one.end()).isTrue();
	}

	@Test
	void ordinaryUserIsFit() throws Exception {
		try (Connection session = connect()) {
			LedgerFitness fitness = new MariaDbSlotLedger(this::connect, "fit").examine(session);
			assertThat(fitness.objection()).isNull();
			assertThat(fitness.authenticationTimeout()).isEqualTo(Duration.ofSeconds(10));
		}
	}

	@Test
	void changeOfTheRoleKeepsSessionsAndLocks() throws Exception {
		SlotLedger<Connection> ledger = ledger("role");
		CoordinatorSession coordinator = ledger.open(2, 100);
		coordinator.acquire(List.of(1, 2, 3), 3, 100);
		coordinator.pay(1, coordinator.seat());
		try (Connection first = connect(); Connection second = connect()) {
			Fenced before = ledger.fence(first, new Grant(2, 1, coordinator.id()));
			for (int readOnly : new int[] { 1, 0 }) {
				execute("SET GLOBAL read_only = " + readOnly);
				Snapshot snapshot = coordinator.snapshot(3, Set.of(before.session()));
				assertThat(snapshot.paid(coordinator.id())).isTrue();
				assertThat(snapshot.user(2)).isEqualTo(before.session());
				assertThat(snapshot.alive()).containsExactly(before.session());
				CoordinatorSession other = ledger.open(2, 100);
				assertThat(other.id().server()).isEqualTo(coordinator.id().server());
				assertThat(other.acquire(List.of(1, 2, 3), 1, 100)).isEmpty();
				assertThat(other.end()).isTrue();
			}
			assertThat(ledger.fence(second, new Grant(3, 1, coordinator.id()))).matches(Fenced::ownHeld);
		}
		finally {
			execute("SET GLOBAL read_only = 0");
			coordinator.end();
		}
	}

	/** Nobody may take it for gone who can't see it. */
	@Test
	void sessionOfAnotherUserWithoutItsMarksIsThere() throws Exception {
		SlotLedger<Connection> ledger = ledger("hidden");
		CoordinatorSession coordinator = ledger.open(1, 100);
		coordinator.acquire(List.of(1), 1, 100);
		SessionId session;
		try (Connection connection = connectElsewhere(); Statement statement = connection.createStatement()) {
			session = ledger.fence(connection, new Grant(1, 1, coordinator.id())).session();
			statement.execute(giveBackAll());
			assertThat(coordinator.snapshot(1, Set.of(session)).alive()).containsExactly(session);
		}
		await().until(() -> coordinator.snapshot(1, Set.of(session)).alive().isEmpty());
		coordinator.end();
	}

	@Test
	void identityOfTheServerIsTheSameForAllItsSessionsAndAnotherAfterARestart() throws Exception {
		CoordinatorSession before = ledger("restart").open(1, 100);
		for (int i = 0; i < 5; i++) {
			CoordinatorSession session = ledger("restart").open(1, 100);
			assertThat(session.id().server()).isEqualTo(before.id().server());
			assertThat(session.end()).isTrue();
		}
		server.restart();
		CoordinatorSession after = ledger("restart").open(1, 100);
		assertThat(after.id().server()).isNotEqualTo(before.id().server());
		assertThat(after.acquire(List.of(1), 1, 100)).containsExactly(1);
		assertThat(after.end()).isTrue();
	}

	@Test
	void serversThatStartedInTheSameSecondAreTwo() throws Exception {
		try (MariaDbServer other = MariaDbServer.builder().start()) {
			assertThat(place(server)).isEqualTo(place(server)).isNotEqualTo(place(other));
		}
	}

	/** The part of a server's identity that does not depend on its start. */
	private static long place(MariaDbServer server) throws SQLException {
		long[] place = new long[1];
		try (Connection session = DriverManager.getConnection(server.jdbcUrl(), "root", "root")) {
			MariaDbSessions.query(session, "SELECT " + MariaDbSessions.PLACE, (row) -> place[0] = row.getLong(1));
		}
		return place[0];
	}

}
