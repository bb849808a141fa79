package io.poolwise.lease.postgres;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link PostgresSlotLedger} that need no server.
 */
class PostgresSlotLedgerTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private final PostgresSlotLedger ledger = new PostgresSlotLedger(() -> {
		throw new SQLException("nobody connects");
	}, "unit");

	@ParameterizedTest
	@ValueSource(strings = { "28P01", "3D000", "53300", "57P03", "42501", "55000", "22023", "P0001" })
	void refusedConnectLeavesNoSession(String state) {
		assertThat(this.ledger.leftNoSession(new SQLException("refused", state), Duration.ofSeconds(20))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "08001", "08006", "58030", "99999", "" })
	void failureThatTheDriverReportsMayLeaveASession(String state) {
		assertThat(this.ledger.leftNoSession(new SQLException("broken", state), Duration.ofSeconds(20))).isFalse();
	}

	@Test
	void connectThatFindsNoPrimaryLeavesNoSessionUnlessItCouldHaveTimedOut() {
		SQLException none = new SQLException("Could not find a server with specified targetServerType: primary",
				"08001");
		assertThat(this.ledger.leftNoSession(none, SHORT)).isTrue();
		assertThat(this.ledger.leftNoSession(none, Duration.ofSeconds(1))).isFalse();
	}

	@Test
	void connectThatTimedOutMayLeaveASession() {
		SQLException late = new SQLException("The connection attempt failed.", "08001", new SocketTimeoutException());
		assertThat(this.ledger.leftNoSession(late, SHORT)).isFalse();
	}

}
