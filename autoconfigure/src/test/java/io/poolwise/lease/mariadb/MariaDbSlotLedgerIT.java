package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import io.poolwise.lease.AbstractSlotLedgerTests;
import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
					ledger.open(1).end();
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

	@Test
	void ordinaryUserIsFit() throws Exception {
		assertThat(new MariaDbSlotLedger(this::connect, "fit").examine(this::connect))
			.isEqualTo(LedgerFitness.fit(Duration.ofSeconds(10)));
	}

	@Test
	void identityOfTheServerIsTheSameForAllItsSessionsAndAnotherAfterARestart() throws Exception {
		CoordinatorSession before = ledger("restart").open(1);
		for (int i = 0; i < 5; i++) {
			CoordinatorSession session = ledger("restart").open(1);
			assertThat(session.id().server()).isEqualTo(before.id().server());
			assertThat(session.end()).isTrue();
		}
		server.restart();
		CoordinatorSession after = ledger("restart").open(1);
		assertThat(after.id().server()).isNotEqualTo(before.id().server());
		assertThat(after.acquire(List.of(1), 1)).containsExactly(1);
		assertThat(after.end()).isTrue();
	}

}
