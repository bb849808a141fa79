package io.poolwise.lease;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ConnectFailures}.
 */
class ConnectFailuresTests {

	@Test
	void refusedUnknownAndEndedConnectionsHaveNoSession() {
		assertThat(ConnectFailures.ended(broken(new ConnectException("Connection refused")))).isTrue();
		assertThat(ConnectFailures.ended(broken(new UnknownHostException("db")))).isTrue();
		assertThat(ConnectFailures.ended(broken(new EOFException()))).isTrue();
	}

	@Test
	void timeoutsAndWhatTheServerSaysProveNothing() {
		assertThat(ConnectFailures.ended(broken(new SocketTimeoutException("Read timed out")))).isFalse();
		assertThat(ConnectFailures.ended(terminated())).isFalse();
		assertThat(ConnectFailures.ended(new IllegalStateException())).isFalse();
	}

	/**
	 * As PostgreSQL's driver tells that the server terminates a session, and ends it.
	 */
	@Test
	void endMayComeAfterWhatTheServerSaid() {
		SQLException failure = terminated();
		failure.setNextException(broken(new EOFException()));
		assertThat(ConnectFailures.ended(failure)).isTrue();
		assertThat(ConnectFailures.ended(new IllegalStateException("wrapped", failure))).isTrue();
		SQLException timeout = terminated();
		timeout.setNextException(broken(new SocketTimeoutException("Read timed out")));
		assertThat(ConnectFailures.ended(timeout)).isFalse();
	}

	private static SQLException terminated() {
		return new SQLException("FATAL: terminating connection due to administrator command", "57P01");
	}

	private static SQLException broken(Exception cause) {
		return new SQLException("An I/O error occurred", "08006", cause);
	}

}
