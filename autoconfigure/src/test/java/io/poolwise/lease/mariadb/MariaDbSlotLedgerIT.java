package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import io.poolwise.lease.AbstractSlotLedgerTests;
import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

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
