package io.poolwise.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.poolwise.governor.FleetMode;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Pools whose connections reach several servers at the same time.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class SeveralServersIT {

	private static final int BORROWS = 30;

	private static PostgresServer primary;

	private static PostgresServer standby;

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeAll
	static void startServers() {
		primary = PostgresServer.builder().maxConnections(60).start();
		standby = primary.startStandby();
	}

	@AfterAll
	static void stopServers() {
		standby.close();
		primary.close();
	}

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	private ConfigurableApplicationContext run(String url) {
		ConfigurableApplicationContext context = TestApplication.automatic(LeaseAutoIT.Nothing.class)
			.with("spring.profiles.active=prod", "spring.datasource.url=" + url,
					"spring.datasource.username=" + primary.username(),
					"spring.datasource.password=" + primary.password(), "pool.database.min-size=2",
					"pool.database.max-size=40", "pool.database.acquire-timeout=5s")
			.run();
		this.open.add(0, context);
		return context;
	}

	/**
	 * Holds so many connections that both servers are reached.
	 * @return the ports of the servers that they are on
	 */
	private static Set<Integer> borrowMany(ConfigurableApplicationContext context) throws SQLException {
		DataSource pool = context.getBean(DataSource.class);
		Set<Integer> ports = new TreeSet<>();
		List<Connection> held = new ArrayList<>();
		try {
			for (int i = 0; i < BORROWS; i++) {
				Connection connection = pool.getConnection();
				held.add(connection);
				try (Statement statement = connection.createStatement();
						ResultSet row = statement.executeQuery("SELECT inet_server_port()")) {
					row.next();
					ports.add(row.getInt(1));
				}
			}
		}
		finally {
			for (Connection connection : held) {
				connection.close();
			}
		}
		return ports;
	}

	private static FleetMode mode(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).fleet().mode();
	}

	@Test
	void urlThatSaysSoKeepsThePoolFromLeasing(CapturedOutput output) throws Exception {
		String hosts = "%s:%d,%s:%d".formatted(primary.host(), primary.port(), standby.host(), standby.port());
		ConfigurableApplicationContext context = run("jdbc:postgresql://" + hosts + "/postgres?loadBalanceHosts=true");
		assertThat(borrowMany(context)).containsExactlyInAnyOrder(primary.port(), standby.port());
		assertThat(mode(context)).isEqualTo(FleetMode.BLIND);
		assertThat(output)
			.containsOnlyOnce("primary: no leases, since its URL spreads connections over several servers");
	}

	/**
	 * As behind a name with several addresses, or a proxy that chooses.
	 */
	@Test
	void connectionThatShowsItIsHandedOutAndThePoolLeasesNoMore(CapturedOutput output) throws Exception {
		try (Alternating proxy = new Alternating(List.of(primary, standby))) {
			ConfigurableApplicationContext context = run("jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres");
			assertThat(borrowMany(context)).containsExactlyInAnyOrder(primary.port(), standby.port());
			assertThat(mode(context)).isEqualTo(FleetMode.BLIND);
			assertThat(borrowMany(context)).containsExactlyInAnyOrder(primary.port(), standby.port());
			assertThat(output).containsOnlyOnce("primary: no leases, since its connections reach several servers");
			for (PostgresServer server : List.of(primary, standby)) {
				try (Sessions sessions = new Sessions(server)) {
					await().atMost(Duration.ofSeconds(30))
						.until(() -> sessions.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
								+ " AND objid > (1 << 29)") == 0);
				}
			}
		}
	}

	/**
	 * A TCP proxy that passes each connection on to the next server.
	 */
	private static final class Alternating implements AutoCloseable {

		private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final AtomicInteger accepted = new AtomicInteger();

		private final List<PostgresServer> servers;

		Alternating(List<PostgresServer> servers) throws IOException {
			this.servers = servers;
			start(this::accept);
		}

		int port() {
			return this.listener.getLocalPort();
		}

		private void accept() {
			try {
				while (true) {
					Socket client = this.listener.accept();
					PostgresServer server = this.servers.get(this.accepted.getAndIncrement() % this.servers.size());
					Socket target = new Socket(server.host(), server.port());
					start(() -> copy(client, target));
					start(() -> copy(target, client));
				}
			}
			catch (IOException ex) {
				// closed
			}
		}

		private static void copy(Socket from, Socket to) {
			try (from; to) {
				from.getInputStream().transferTo(to.getOutputStream());
			}
			catch (IOException ex) {
				// one side has closed
			}
		}

		private static void start(Runnable action) {
			Thread thread = new Thread(action, "alternating-proxy");
			thread.setDaemon(true);
			thread.start();
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
		}

	}

}
