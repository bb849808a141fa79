package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.poolwise.governor.FleetMode;
import io.poolwise.governor.LeasesImpossibleException;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolStatus;
import io.poolwise.pool.PoolUnavailable;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Applications whose server is down, or slow to let anybody in, while it isn't known yet
 * whether they lease.
 */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class LeaseAdmissionIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static PostgresServer server;

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeAll
	static void startServer() {
		server = PostgresServer.builder().maxConnections(60).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	private ConfigurableApplicationContext run(String url, Class<?> more, String... properties) {
		return runAs(server.username(), server.password(), url, more, properties);
	}

	private ConfigurableApplicationContext runAs(String user, String password, String url, Class<?> more,
			String... properties) {
		ConfigurableApplicationContext context = TestApplication.automatic(more)
			.with("spring.profiles.active=prod", "spring.datasource.url=" + url, "spring.datasource.username=" + user,
					"spring.datasource.password=" + password)
			.with(properties)
			.run();
		synchronized (this.open) {
			this.open.add(0, context);
		}
		return context;
	}

	private static PoolGovernor governor(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class);
	}

	private static boolean canBorrow(DataSource pool) {
		try (Connection connection = pool.getConnection()) {
			return connection.isValid(5);
		}
		catch (SQLException | RuntimeException ex) {
			return false;
		}
	}

	@Test
	void serverThatIsDownIsAskedNoMoreOftenTheLongerItIs(CapturedOutput output) throws Exception {
		AtomicInteger connects = new AtomicInteger();
		try (TcpProxy proxy = TcpProxy.before(server)) {
			proxy.refuse();
			String url = "jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/postgres";
			ConfigurableApplicationContext context = run(url, LeaseAutoIT.Nothing.class,
					"pool.database.acquire-timeout=1s");
			DataSource pool = context.getBean(DataSource.class);
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
			while (System.nanoTime() < end) {
				assertThat(canBorrow(pool)).isFalse();
				connects.incrementAndGet();
			}
			Throwable failure = catchThrowable(pool::getConnection);
			assertThat(failure).isInstanceOf(PoolUnavailable.class);
			assertThat(lines(output, "could not be read")).as("lines about the limit").isLessThanOrEqualTo(3);
			proxy.heal();
			await().atMost(Duration.ofSeconds(15)).until(() -> canBorrow(pool));
			assertThat(governor(context).fleet().mode()).isEqualTo(FleetMode.LEASES);
		}
	}

	@Test
	void serverThatIsSlowToLetInDelaysTheStartAndFailsNothing() throws Exception {
		try (PostgresServer slow = PostgresServer.builder().maxConnections(60).start()) {
			try (Sessions sessions = new Sessions(slow)) {
				sessions.execute("ALTER SYSTEM SET pre_auth_delay = 3");
				sessions.execute("SELECT pg_reload_conf()");
				await().atMost(PATIENCE).until(() -> sessions.text("SHOW pre_auth_delay").equals("3s"));
			}
			ConfigurableApplicationContext context = run(slow.jdbcUrl(), NeedsConnection.class,
					"pool.database.warm-up.enabled=false");
			assertThat(governor(context).fleet().mode()).isEqualTo(FleetMode.LEASES);
			DataSource pool = context.getBean(DataSource.class);
			for (int i = 0; i < 20; i++) {
				assertThat(canBorrow(pool)).isTrue();
			}
		}
	}

	/**
	 * Leases must be had, and that they can't is found out when the application is ready.
	 */
	@Test
	void applicationThatMustLeaseAndCannotIsTakenOutOfReadinessUntilItCan(CapturedOutput output) throws Exception {
		try (TcpProxy proxy = TcpProxy.before(server); Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE barred LOGIN PASSWORD 'barred'");
			sessions.execute("REVOKE SELECT ON pg_locks FROM PUBLIC");
			proxy.refuse();
			String url = "jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/postgres";
			ConfigurableApplicationContext context = runAs("barred", "barred", url, LeaseAutoIT.Nothing.class,
					"pool.leases.mode=on", "pool.database.acquire-timeout=5s");
			ApplicationAvailability availability = context.getBean(ApplicationAvailability.class);
			assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
			proxy.heal();
			DataSource pool = context.getBean(DataSource.class);
			await().atMost(PATIENCE).until(() -> availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC);
			assertThat(catchThrowable(pool::getConnection)).isInstanceOf(PoolUnavailable.class)
				.hasMessageContaining("pool.leases.mode is on, but the role may not use what leases need: ")
				.hasMessageContaining("pg_locks");
			assertThat(output).containsOnlyOnce("primary: pool.leases.mode is on, but the role may not use");
			assertThat(governor(context).refusal("primary")).isPresent();
			assertThat(governor(context).pool("primary").orElseThrow().status()).isEqualTo(PoolStatus.DOWN);
			sessions.execute("GRANT SELECT ON pg_locks TO PUBLIC");
			await().atMost(PATIENCE).until(() -> availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC);
			assertThat(canBorrow(pool)).isTrue();
		}
		finally {
			try (Sessions sessions = new Sessions(server)) {
				sessions.execute("GRANT SELECT ON pg_locks TO PUBLIC");
			}
		}
	}

	@Test
	void rightThatIsMissingFromTheBeginningStopsTheStart() throws Exception {
		try (Sessions sessions = new Sessions(server)) {
			sessions.execute("CREATE ROLE early LOGIN PASSWORD 'early'");
			sessions.execute("REVOKE SELECT ON pg_locks FROM PUBLIC");
			try {
				assertThat(catchThrowable(() -> runAs("early", "early", server.jdbcUrl(), LeaseAutoIT.Nothing.class,
						"pool.leases.mode=on")))
					.hasRootCauseInstanceOf(LeasesImpossibleException.class);
			}
			finally {
				sessions.execute("GRANT SELECT ON pg_locks TO PUBLIC");
			}
		}
	}

	/**
	 * Settled sessions are within the budget, and each instance has one more at most:
	 * with nine instances and two seats, 6 above 87.
	 */
	@Test
	void instancesThatStartAtOnceOverASlowNetworkStayWithinTheStatedBound() throws Exception {
		try (PostgresServer full = PostgresServer.builder().maxConnections(100).start();
				TcpProxy proxy = TcpProxy.before(full);
				Sessions sessions = new Sessions(full)) {
			sessions.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
			String[] app = { "pool.database.max-size=100", "pool.database.acquire-timeout=20s" };
			ConfigurableApplicationContext hot = runAs("app", "app", full.jdbcUrl(), LeaseAutoIT.Nothing.class, app);
			List<Connection> held = new ArrayList<>();
			for (int i = 0; i < 87 - 2 - 1; i++) {
				held.add(hot.getBean(DataSource.class).getConnection());
			}
			proxy.delay(Duration.ofMillis(150));
			AtomicInteger most = new AtomicInteger();
			AtomicBoolean over = new AtomicBoolean();
			Thread sampler = new Thread(() -> {
				while (!over.get()) {
					try {
						most.accumulateAndGet(
								sessions.number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"),
								Math::max);
					}
					catch (SQLException ex) {
						most.set(Integer.MAX_VALUE);
						return;
					}
				}
			});
			sampler.start();
			ExecutorService starts = Executors.newFixedThreadPool(8);
			String url = "jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/postgres";
			List<Future<ConfigurableApplicationContext>> started = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				started.add(starts.submit(() -> runAs("app", "app", url, LeaseAutoIT.Nothing.class, app)));
			}
			for (Future<ConfigurableApplicationContext> each : started) {
				each.get(120, TimeUnit.SECONDS);
			}
			starts.shutdown();
			await().during(Duration.ofSeconds(10)).atMost(PATIENCE).until(() -> most.get() <= 87 + 6);
			for (Connection each : held) {
				each.close();
			}
			for (Future<ConfigurableApplicationContext> each : started) {
				DataSource pool = each.get().getBean(DataSource.class);
				await().atMost(PATIENCE).until(() -> canBorrow(pool));
			}
			over.set(true);
			sampler.join();
			assertThat(most.get()).isBetween(87 - 2, 87 + 6);
		}
	}

	private static long lines(CapturedOutput output, String text) {
		return output.getAll().lines().filter((line) -> line.contains(text)).count();
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
