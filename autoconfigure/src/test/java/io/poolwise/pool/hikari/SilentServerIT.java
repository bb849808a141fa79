package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.budget.LimitReading;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a server costs that takes a connection and says nothing.
 */
@Timeout(120)
class SilentServerIT {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static PostgresServer server;

	private final String name = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	// the driver is told to give up after 10 s
	@Test
	void theThreadThatAskedEndsByItself() {
		try (TcpProxy proxy = TcpProxy.before(server); GovernedHikariDataSource pool = pool(proxy)) {
			assertThat(pool.managedPool().read()).isInstanceOf(LimitReading.Granted.class);
			proxy.stall();
			assertThat(pool.managedPool().read()).isInstanceOf(LimitReading.Unavailable.class);
			assertThat(pool.managedPool().probe(Duration.ofMillis(100))).isInstanceOf(ServerProbe.Failed.class);
			await().atMost(PATIENCE).until(() -> threads().isEmpty());
		}
	}

	@Test
	void theCloseEndsTheThreadThatAsked() {
		try (TcpProxy proxy = TcpProxy.before(server); GovernedHikariDataSource pool = pool(proxy)) {
			proxy.stall();
			assertThat(pool.managedPool().probe(Duration.ofMillis(100))).isInstanceOf(ServerProbe.Failed.class);
			pool.close();
			await().atMost(PATIENCE).until(() -> threads().isEmpty());
			assertThat(pool.managedPool().read()).isEqualTo(new LimitReading.Unavailable("the pool is closed"));
		}
	}

	@Test
	void theCloseCutsTheStatementThatNobodyWaitsForAnyMore() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		try (TcpProxy proxy = TcpProxy.before(server); GovernedHikariDataSource pool = pool(proxy)) {
			BareConnections<Boolean> bare = new BareConnections<>(this.name, pool::bareConnection, (connection) -> {
				try (Statement statement = connection.createStatement()) {
					asked.countDown();
					return statement.execute("SELECT pg_sleep(600)");
				}
			});
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> bare.ask(Duration.ofMillis(50)));
			assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
			bare.close();
			// the server itself may run the statement to its end: it looks at its client
			// only then
			await().atMost(PATIENCE).until(() -> threads().isEmpty());
		}
	}

	/**
	 * HikariCP bounds its own initial statements by the validation timeout.
	 */
	@Test
	void sessionThatFallsSilentWhileItIsPreparedIsGivenUp() {
		HikariConfig settings = settings(server.host(), server.port());
		settings.setValidationTimeout(500);
		settings.setConnectionTimeout(2000);
		try (GovernedHikariDataSource pool = new GovernedHikariDataSource(this.name, settings, PoolSize.of(0, 1),
				new SessionDefaults(null, false, "SELECT pg_sleep(600)"), ConnectionPermits.UNLIMITED, Runnable::run)) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(pool::getConnection);
			await().atMost(PATIENCE)
				.until(() -> pool.getHikariPoolMXBean() == null || pool.managedPool().counts().size() == 0);
		}
	}

	@Test
	void sessionThatIsPreparedHasNoTimeoutOfOurs() throws Exception {
		try (GovernedHikariDataSource pool = new GovernedHikariDataSource(this.name,
				settings(server.host(), server.port()), PoolSize.of(0, 1), new SessionDefaults(null, false, "SELECT 1"),
				ConnectionPermits.UNLIMITED, Runnable::run); Connection connection = pool.getConnection()) {
			assertThat(connection.getNetworkTimeout()).isZero();
		}
	}

	private List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((thread) -> thread.contains(this.name))
			.toList();
	}

	private GovernedHikariDataSource pool(TcpProxy proxy) {
		return new GovernedHikariDataSource(this.name, settings(proxy.host(), proxy.port()), PoolSize.of(0, 2),
				SessionDefaults.NONE, ConnectionPermits.UNLIMITED, Runnable::run);
	}

	private static HikariConfig settings(String host, int port) {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl("jdbc:postgresql://" + host + ":" + port + "/postgres");
		settings.setUsername(server.username());
		settings.setPassword(server.password());
		return settings;
	}

}
