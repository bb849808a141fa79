package io.poolwise.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolStatus;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Applications whose server is down when they start, with the starter and without.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServerDownIT {

	private static PostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().maxConnections(60).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void applicationThatNeedsNoConnectionStarts(boolean enabled) {
		server.stop();
		try (ConfigurableApplicationContext context = run("pool.enabled=" + enabled)) {
			assertThat(context.isActive()).isTrue();
		}
	}

	@Test
	void applicationThatNeedsAConnectionFailsAsItWouldWithout() {
		server.stop();
		Throwable with = catchThrowable(() -> run(NeedsConnection.class, "pool.enabled=true"));
		Throwable without = catchThrowable(() -> run(NeedsConnection.class, "pool.enabled=false"));
		assertThat(messages(with)).isEqualTo(messages(without)).contains("Connection to ");
	}

	@Test
	void poolKeepsTheBlindSizeAndSaysSo(CapturedOutput output) {
		server.stop();
		try (ConfigurableApplicationContext context = run()) {
			PoolReport report = report(context);
			assertThat(report.target()).isEqualTo(PoolSize.of(5, 10));
			assertThat(report.budget()).isNull();
			assertThat(report.allotment()).isNull();
			assertThat(report.reasons())
				.anyMatch((reason) -> reason.startsWith("the server's limit could not be read: Connection to "));
			assertThat(report.status()).isIn(PoolStatus.DEGRADED, PoolStatus.DOWN);
		}
		assertThat(output).contains("primary: new -> 5 to 10 connections")
			.contains("the server's limit could not be read: Connection to ");
	}

	@Test
	void explicitSizeStandsWhileTheServerIsDown() {
		server.stop();
		try (ConfigurableApplicationContext context = run("pool.database.max-size=30")) {
			assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 30));
		}
	}

	@Test
	void limitIsAskedAtTheFirstConnection() throws SQLException {
		server.stop();
		try (ConfigurableApplicationContext context = run("pool.max-surge=1", "pool.replicas=2")) {
			assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 10));
			server.restart();
			context.getBean(DataSource.class).getConnection().close();
			// 60 - 3 = 57, less 10 % = 51, over 3
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 17)));
			assertThat(report(context).status()).isEqualTo(PoolStatus.HEALTHY);
		}
	}

	@Test
	void limitIsAskedAfterFailuresToo() {
		server.stop();
		try (ConfigurableApplicationContext context = run()) {
			DataSource pool = context.getBean(DataSource.class);
			assertThatExceptionOfType(Exception.class).isThrownBy(pool::getConnection);
			server.restart();
			await().atMost(Duration.ofSeconds(30)).until(() -> canBorrow(pool));
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 20)));
		}
	}

	@Test
	void limitIsAskedAgainAfterAnOutage() {
		try (ConfigurableApplicationContext context = running()) {
			DataSource pool = context.getBean(DataSource.class);
			assertThat(canBorrow(pool)).isTrue();
			assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 20));
			server.stop();
			await().atMost(Duration.ofSeconds(30)).until(() -> !canBorrow(pool));
			assertThat(report(context).target()).as("what the server last said").isEqualTo(PoolSize.of(5, 20));
			server.restart();
			await().atMost(Duration.ofSeconds(30)).until(() -> canBorrow(pool));
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(report(context).status()).isEqualTo(PoolStatus.HEALTHY));
			assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 20));
		}
	}

	@Test
	void serverThatAcceptsAndNeverAnswersDelaysTheStartByLittle() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/postgres";
			runAt(url, TestApplication.Bare.class, "pool.enabled=false").close();
			long without = time(() -> runAt(url, TestApplication.Bare.class, "pool.enabled=false").close());
			long with = time(() -> {
				try (ConfigurableApplicationContext context = runAt(url, TestApplication.Bare.class)) {
					assertThat(report(context).target()).isEqualTo(PoolSize.of(5, 10));
					assertThat(report(context).reasons())
						.contains("the server's limit could not be read: no answer within 2 s");
				}
			});
			assertThat(with - without).isLessThan(6000);
		}
	}

	private static long time(Runnable action) {
		long start = System.nanoTime();
		action.run();
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
	}

	private static String messages(Throwable failure) {
		StringBuilder messages = new StringBuilder();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			messages.append(cause.getClass().getSimpleName())
				.append(' ')
				.append(String.valueOf(cause.getMessage()).replaceAll("HikariPool-\\d+", "pool"))
				.append('\n');
		}
		return messages.toString();
	}

	private static boolean canBorrow(DataSource pool) {
		try (Connection connection = pool.getConnection()) {
			return connection.isValid(5);
		}
		catch (SQLException | RuntimeException ex) {
			return false;
		}
	}

	private static PoolReport report(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
	}

	private static ConfigurableApplicationContext running() {
		if (!server.isRunning()) {
			server.restart();
		}
		return run();
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return run(TestApplication.Bare.class, properties);
	}

	private static ConfigurableApplicationContext run(Class<?> configuration, String... properties) {
		return runAt(server.jdbcUrl(), configuration, properties);
	}

	private static ConfigurableApplicationContext runAt(String url, Class<?> configuration, String... properties) {
		return TestApplication.automatic(configuration)
			.with("spring.datasource.url=" + url, "spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "pool.profile=dev",
					"pool.database.acquire-timeout=2s")
			.with(properties)
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsConnection {

		@Bean
		Object needsConnection(DataSource pool) throws SQLException {
			try (Connection connection = pool.getConnection()) {
				return connection.getCatalog();
			}
		}

	}

}
