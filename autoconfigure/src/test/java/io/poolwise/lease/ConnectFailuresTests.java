package io.poolwise.lease;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of {@link ConnectFailures}: with the failures of the JDK and of the drivers, over
 * real sockets where a test can provoke them.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectFailuresTests {

	private static final String POSTGRESQL = "jdbc:postgresql://127.0.0.1:%d/test?connectTimeout=1&socketTimeout=1";

	private static final String MARIADB = "jdbc:mariadb://127.0.0.1:%d/test?connectTimeout=700&socketTimeout=700";

	private static final Duration SHORT = Duration.ofMillis(5);

	private static final Duration LONG = Duration.ofSeconds(20);

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { POSTGRESQL, MARIADB })
	void refusedConnectLeavesNoSession(String url) throws Exception {
		ServerSocket server = listen(1);
		server.close();
		Throwable failure = connect(url, server.getLocalPort());
		assertThat(failure).hasRootCauseInstanceOf(ConnectException.class);
		assertThat(ConnectFailures.leftNoSession(failure, LONG)).isTrue();
		assertThat(ConnectFailures.ended(failure)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { POSTGRESQL, MARIADB })
	void connectThatNobodyAnswersLeavesNoSession(String url) throws Exception {
		Throwable failure = connect(url, listenWithAFullBacklog());
		assertThat(failure).hasRootCauseInstanceOf(SocketTimeoutException.class);
		assertThat(ConnectFailures.leftNoSession(failure, LONG)).isTrue();
		assertThat(ConnectFailures.ended(failure)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { POSTGRESQL, MARIADB })
	void connectThatIsAcceptedAndNotAnsweredMayLeaveASession(String url) throws Exception {
		Throwable failure = connect(url, listen(10).getLocalPort());
		assertThat(failure).hasRootCauseInstanceOf(SocketTimeoutException.class);
		assertThat(ConnectFailures.leftNoSession(failure, SHORT)).isFalse();
		assertThat(ConnectFailures.ended(failure)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { POSTGRESQL, MARIADB })
	void loginThatTheServerEndsLeavesNoSession(String url) throws Exception {
		for (boolean reset : new boolean[] { true, false }) {
			Throwable failure = connect(url, listenAndHangUp(reset));
			assertThat(ConnectFailures.leftNoSession(failure, LONG)).as("%s", failure.getCause()).isTrue();
			assertThat(ConnectFailures.ended(failure)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "jdbc:postgresql://no.such.host.invalid/test", "jdbc:mariadb://no.such.host.invalid/test" })
	void unknownHostLeavesNoSession(String url) {
		Throwable failure = connect(url, 0);
		assertThat(ConnectFailures.leftNoSession(failure, LONG)).isTrue();
	}

	/**
	 * The messages are those of Linux, which a test can't provoke over the loopback
	 * interface.
	 */
	@Test
	void unreachableHostLeavesNoSession() {
		assertThat(ConnectFailures.leftNoSession(broken(new NoRouteToHostException("No route to host")), LONG))
			.isTrue();
		assertThat(ConnectFailures.leftNoSession(broken(new ConnectException("Connection timed out")), LONG)).isTrue();
		assertThat(ConnectFailures.leftNoSession(broken(new SocketException("Network is unreachable")), SHORT))
			.isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Connection timed out", "Broken pipe", "Socket closed", "No route to host",
			"Network is unreachable" })
	void connectionThatTheLocalSystemGaveUpProvesNothing(String message) {
		Throwable failure = broken(new SocketException(message));
		assertThat(ConnectFailures.leftNoSession(failure, LONG)).isFalse();
		assertThat(ConnectFailures.ended(failure)).isFalse();
	}

	@Test
	void resetAndEndOfTheStreamAreAnEnd() {
		assertThat(ConnectFailures.ended(broken(new EOFException()))).isTrue();
		assertThat(ConnectFailures.ended(broken(new SocketException("Connection reset")))).isTrue();
		assertThat(ConnectFailures.ended(broken(new SocketException("Connection reset by peer")))).isTrue();
	}

	@Test
	void connectThatFoundNobodyIsNoEndOfASession() {
		assertThat(ConnectFailures.ended(broken(new ConnectException("Connection refused")))).isFalse();
		assertThat(ConnectFailures.ended(broken(new UnknownHostException("db")))).isFalse();
	}

	@Test
	void messageOfTheServerAloneProvesNothing() {
		assertThat(ConnectFailures.ended(terminated())).isFalse();
		assertThat(ConnectFailures.leftNoSession(terminated(), SHORT)).isFalse();
		assertThat(ConnectFailures.ended(new IllegalStateException())).isFalse();
	}

	/**
	 * As PostgreSQL's driver reports that the server terminates a session, and ends it.
	 */
	@Test
	void endMayComeAfterTheMessageOfTheServer() {
		SQLException failure = terminated();
		failure.setNextException(broken(new EOFException()));
		assertThat(ConnectFailures.ended(failure)).isTrue();
		assertThat(ConnectFailures.ended(new IllegalStateException("wrapped", failure))).isTrue();
		SQLException timeout = terminated();
		timeout.setNextException(broken(new SocketTimeoutException("Read timed out")));
		assertThat(ConnectFailures.ended(timeout)).isFalse();
	}

	private static Throwable connect(String url, int port) {
		Throwable failure = catchThrowable(() -> DriverManager.getConnection(url.formatted(port), "app", "app"));
		assertThat(failure).isInstanceOf(SQLException.class);
		return failure;
	}

	private ServerSocket listen(int backlog) throws IOException {
		ServerSocket server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
		this.opened.add(server);
		return server;
	}

	/**
	 * Linux drops a SYN while the queue of connections to accept is full.
	 */
	private int listenWithAFullBacklog() throws IOException {
		ServerSocket server = listen(1);
		for (int i = 0; i < 8; i++) {
			Socket socket = new Socket();
			this.opened.add(socket);
			try {
				socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
			}
			catch (SocketTimeoutException ex) {
				return server.getLocalPort();
			}
		}
		throw new IllegalStateException("the backlog takes any number of connections");
	}

	private int listenAndHangUp(boolean reset) throws IOException {
		ServerSocket server = listen(10);
		Thread acceptor = new Thread(() -> {
			try (Socket accepted = server.accept()) {
				accepted.setSoLinger(reset, 0);
				if (!reset) {
					// unread input would turn the end of the stream into a reset
					accepted.shutdownOutput();
					while (accepted.getInputStream().read() >= 0) {
						Thread.onSpinWait();
					}
				}
			}
			catch (IOException ex) {
				// the test is over
			}
		});
		acceptor.setDaemon(true);
		acceptor.start();
		return server.getLocalPort();
	}

	private static SQLException terminated() {
		return new SQLException("FATAL: terminating connection due to administrator command", "57P01");
	}

	private static SQLException broken(Exception cause) {
		return new SQLException("An I/O error occurred", "08006", cause);
	}

}
