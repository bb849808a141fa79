package io.poolwise.pool.hikari;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import io.poolwise.lease.ConnectFailures;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of {@link DriverTimeouts}, with the drivers and a host that answers no SYN.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DriverTimeoutsTests {

	private final List<AutoCloseable> opened = new ArrayList<>();

	private int port;

	/**
	 * Linux drops a SYN while the queue of connections to accept is full.
	 */
	@BeforeEach
	void listenWithAFullBacklog() throws IOException {
		ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.opened.add(server);
		this.port = server.getLocalPort();
		boolean full = false;
		while (!full) {
			Socket socket = new Socket();
			this.opened.add(socket);
			try {
				socket.connect(new InetSocketAddress(server.getInetAddress(), this.port), 300);
			}
			catch (SocketTimeoutException ex) {
				full = true;
			}
		}
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void coordinatorConnectThatNobodyAnswersEndsSoonWithAKnownOutcome(String product) {
		try (GovernedHikariDataSource pool = pool(product)) {
			long started = System.nanoTime();
			Throwable failure = catchThrowable(() -> pool.bareConnection(DriverTimeouts.COORDINATOR));
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(9));
			assertThat(failure).isInstanceOf(SQLException.class).hasRootCauseInstanceOf(SocketTimeoutException.class);
			assertThat(ConnectFailures.leftNoSession(failure, Duration.ofSeconds(3))).isTrue();
		}
	}

	/**
	 * HikariCP has a login abandoned after the connection timeout.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void poolConnectThatNobodyAnswersHasAKnownOutcome(String product) throws Exception {
		try (GovernedHikariDataSource pool = pool(product)) {
			DriverManager.setLoginTimeout(2);
			Throwable failure = catchThrowable(pool::bareConnection);
			assertThat(failure).isInstanceOf(SQLException.class).hasRootCauseInstanceOf(SocketTimeoutException.class);
			assertThat(ConnectFailures.leftNoSession(failure, Duration.ofSeconds(2))).isTrue();
		}
		finally {
			DriverManager.setLoginTimeout(0);
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "jdbc:postgresql://db/test, 10000, 9", "jdbc:postgresql://db/test, 5400, 4",
					"jdbc:postgresql://db/test, 1900, -", "jdbc:postgresql://db/test, 30000, -",
					"jdbc:postgresql://db/test?connectTimeout=60, 10000, -", "jdbc:mariadb://db/test, 10000, -" })
	void connectOfAPoolIsBoundedOnlyWhereItWouldBeAbandoned(String url, long loginMillis, String seconds) {
		assertThat(DriverTimeouts.beforeLogin(url, new Properties(), loginMillis).getProperty("connectTimeout"))
			.isEqualTo(seconds);
	}

	@Test
	void propertiesThatSomebodySetStay() {
		Properties properties = new Properties();
		properties.setProperty("connectTimeout", "7");
		assertThat(DriverTimeouts.beforeLogin("jdbc:postgresql://db/test", properties, 10_000)).isSameAs(properties);
		assertThat(DriverTimeouts.COORDINATOR.within("jdbc:h2:mem:test", properties)).isNull();
		assertThat(DriverTimeouts.COORDINATOR.within("jdbc:postgresql://db/test", properties))
			.containsEntry("connectTimeout", "3");
		assertThat(properties).hasSize(1);
	}

	private GovernedHikariDataSource pool(String product) {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl("jdbc:" + product + "://127.0.0.1:" + this.port + "/test");
		settings.setUsername("app");
		settings.setPassword("app");
		settings.setConnectionTimeout(2000);
		return new GovernedHikariDataSource(product, settings, PoolSize.of(0, 2), SessionDefaults.NONE,
				ConnectionPermits.UNLIMITED, Runnable::run);
	}

}
