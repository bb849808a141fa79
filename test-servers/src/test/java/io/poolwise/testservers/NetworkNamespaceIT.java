package io.poolwise.testservers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Integration tests for {@link NetworkNamespace} and {@link PacketFilter}.
 */
class NetworkNamespaceIT {

	@Test
	void filtersPacketsOfServerInside(@TempDir Path folder) throws Exception {
		Path output = folder.resolve("output");
		Process process = NetworkNamespace
			.process(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
					System.getProperty("java.class.path"), Inside.class.getName()))
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
		assertThat(Files.readString(output)).endsWith("all seen\n");
		assertThat(process.exitValue()).isZero();
	}

	@Test
	void refusesToFilterOutside() {
		assertThat(NetworkNamespace.isInside()).isFalse();
		try (RedisServer server = RedisServer.builder().start()) {
			assertThatIllegalStateException().isThrownBy(() -> PacketFilter.before(server))
				.withMessageContaining("in a network namespace only");
		}
	}

	static final class Inside {

		private Inside() {
		}

		public static void main(String[] args) throws Exception {
			assertThat(NetworkNamespace.isInside()).isTrue();
			assertThat(NetworkInterface.networkInterfaces()).singleElement()
				.satisfies((only) -> assertThat(only.isLoopback() && only.isUp()).isTrue());
			try (PostgresServer server = PostgresServer.builder()
				.setting("listen_addresses", "127.0.0.1,127.0.0.2")
				.start();
					PacketFilter filter = PacketFilter.before(server);
					Connection open = DriverManager.getConnection(server.jdbcUrl(), server.username(),
							server.password())) {
				rejects(server, filter);
				dropsNewConnections(server, filter, open);
				dropsEverything(server, filter, open);
				query(open);
			}
			System.out.println("all seen");
			System.exit(0);
		}

		private static void rejects(PostgresServer server, PacketFilter filter) throws IOException {
			filter.reject();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect("127.0.0.1", server));
			connect("127.0.0.2", server);
			filter.heal();
			connect("127.0.0.1", server);
		}

		private static void dropsNewConnections(PostgresServer server, PacketFilter filter, Connection open)
				throws Exception {
			filter.dropNewConnections();
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> connect("127.0.0.1", server));
			query(open);
		}

		private static void dropsEverything(PostgresServer server, PacketFilter filter, Connection open)
				throws Exception {
			filter.drop();
			CompletableFuture<Void> query = CompletableFuture.runAsync(() -> query(open));
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> query.get(2, TimeUnit.SECONDS));
			filter.heal();
			query.get(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS);
		}

		private static void connect(String host, TestServer server) throws IOException {
			try (Socket socket = new Socket()) {
				socket.connect(new InetSocketAddress(InetAddress.getByName(host), server.port()), 1500);
			}
		}

		private static void query(Connection connection) {
			try (Statement statement = connection.createStatement()) {
				statement.execute("SELECT 1");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
