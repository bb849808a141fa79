package io.poolwise.testservers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TcpProxy}.
 */
@Timeout(60)
class TcpProxyTests {

	private ServerSocket server;

	private TcpProxy proxy;

	@BeforeEach
	void start() throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.proxy = TcpProxy.before("127.0.0.1", this.server.getLocalPort());
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
		this.server.close();
	}

	@Test
	void passesMuchDataOnUnchanged() throws Exception {
		byte[] data = new byte[3_000_000];
		for (int i = 0; i < data.length; i++) {
			data[i] = (byte) (i * 31 + i / 1000);
		}
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			Thread writer = new Thread(() -> write(client, data));
			writer.start();
			assertThat(Arrays.equals(accepted.getInputStream().readNBytes(data.length), data)).isTrue();
			writer.join();
		}
	}

	@Test
	void passesTheEndOfOneDirectionOn() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			client.shutdownOutput();
			assertThat(accepted.getInputStream().read()).isEqualTo(-1);
			accepted.getOutputStream().write(7);
			assertThat(client.getInputStream().read()).isEqualTo(7);
			assertThat(this.proxy.connections()).isEqualTo(1);
			accepted.close();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
		awaitNoConnections();
	}

	@Test
	void delaysEachWayWithoutSlowingTheStreamDown() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			this.proxy.delay(Duration.ofMillis(200));
			long start = System.nanoTime();
			for (int i = 0; i < 20; i++) {
				client.getOutputStream().write(i);
			}
			assertThat(accepted.getInputStream().readNBytes(20)).hasSize(20);
			long oneWay = System.nanoTime() - start;
			accepted.getOutputStream().write(1);
			assertThat(client.getInputStream().read()).isEqualTo(1);
			long bothWays = System.nanoTime() - start;
			assertThat(Duration.ofNanos(oneWay)).isBetween(Duration.ofMillis(200), Duration.ofMillis(2000));
			assertThat(Duration.ofNanos(bothWays)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
		}
	}

	@Test
	void holdsEverythingBackWhileStalledAndDeliversAfterwards() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			this.proxy.stall();
			client.getOutputStream().write(42);
			client.shutdownOutput();
			try (Socket late = connect()) {
				accepted.setSoTimeout(300);
				assertThatExceptionOfType(SocketTimeoutException.class)
					.isThrownBy(() -> accepted.getInputStream().read());
				this.server.setSoTimeout(100);
				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.server.accept());
				this.proxy.heal();
				accepted.setSoTimeout(10_000);
				assertThat(accepted.getInputStream().read()).isEqualTo(42);
				assertThat(accepted.getInputStream().read()).isEqualTo(-1);
				this.server.setSoTimeout(10_000);
				this.server.accept().close();
				assertThat(late.getInputStream().read()).isEqualTo(-1);
			}
		}
	}

	@Test
	void resetsBothSidesAndLetsNewConnectionsIn() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			this.proxy.reset();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read())
				.withMessageContaining("reset");
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> accepted.getInputStream().read())
				.withMessageContaining("reset");
		}
		assertThat(this.proxy.connections()).isZero();
		connect().close();
		this.server.accept().close();
	}

	@Test
	void resetsWhatIsStalled() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			this.proxy.stall();
			client.getOutputStream().write(42);
			this.proxy.reset();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> accepted.getInputStream().read())
				.withMessageContaining("reset");
		}
	}

	@Test
	void passesAResetOn() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			accepted.setSoLinger(true, 0);
			accepted.close();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read())
				.withMessageContaining("reset");
		}
		awaitNoConnections();
	}

	@Test
	void refusesNewConnectionsOnly() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			this.proxy.refuse();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
			client.getOutputStream().write(1);
			assertThat(accepted.getInputStream().read()).isEqualTo(1);
			this.proxy.heal();
			connect().close();
		}
	}

	@Test
	void dropsOpenAndNewConnections() throws Exception {
		try (Socket client = connect(); Socket accepted = this.server.accept()) {
			this.proxy.drop();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read());
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> accepted.getInputStream().read());
			assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		}
	}

	@Test
	void resetsClientsOfAServerThatIsDown() throws Exception {
		this.server.close();
		try (Socket client = connect()) {
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read());
		}
		awaitNoConnections();
	}

	@Test
	void staysClosed() {
		this.proxy.close();
		this.proxy.heal();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(this.proxy.host(), this.proxy.port());
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(20_000);
		return socket;
	}

	private void awaitNoConnections() {
		await().atMost(Duration.ofSeconds(10)).until(() -> this.proxy.connections() == 0);
	}

	private static void write(Socket socket, byte[] data) {
		try {
			socket.getOutputStream().write(data);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
