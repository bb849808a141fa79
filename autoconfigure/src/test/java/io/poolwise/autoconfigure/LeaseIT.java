package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolStatus;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.amqp.rabbit.connection.ThreadChannelConnectionFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances that lease their connections from each other, on PostgreSQL.
 */
class LeaseIT {

	// 60 - 3 = 57, less 10 % = 51, of which 2 are seats
	private static final int BUDGET = 51;

	private static final String COORDINATORS = "SELECT %s FROM pg_stat_activity WHERE application_name LIKE 'poolwise1 %%'";

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private PostgresServer server;

	private Sessions sessions;

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	@BeforeEach
	void startServer() throws SQLException {
		this.server = PostgresServer.builder().maxConnections(60).start();
		this.sessions = new Sessions(this.server);
	}

	@AfterEach
	void stop() throws SQLException {
		this.instances.forEach(ConfigurableApplicationContext::close);
		this.sessions.close();
		this.server.close();
	}

	private ConfigurableApplicationContext start(String... properties) {
		return start(TestApplication.automatic(), properties);
	}

	private ConfigurableApplicationContext start(TestApplication application, String... properties) {
		ConfigurableApplicationContext instance = application
			.with("spring.profiles.active=prod", "pool.leases.mode=on",
					"spring.datasource.url=" + this.server.jdbcUrl(),
					"spring.datasource.username=" + this.server.username(),
					"spring.datasource.password=" + this.server.password())
			.with(properties)
			.run();
		this.instances.add(instance);
		return instance;
	}

	/** Sessions of clients but the observer's. */
	private int open() throws SQLException {
		return this.sessions.number("SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'");
	}

	private int highest(Duration time) throws SQLException {
		int highest = 0;
		for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end;) {
			highest = Math.max(highest, open());
		}
		return highest;
	}

	private static LeaseShare share(ConfigurableApplicationContext instance) {
		return instance.getBean(PoolGovernor.class).leases().get(0);
	}

	private static DataSource pool(ConfigurableApplicationContext instance) {
		return instance.getBean(DataSource.class);
	}

	@Test
	void factoriesOfAnotherKindTakeNoSlots() {
		ConfigurableApplicationContext instance = start(TestApplication.automatic(OtherBroker.class));
		assertThat(instance.getBean(PoolGovernor.class).fleet().mode()).isEqualTo(FleetMode.LEASES);
		assertThat(instance.getBean(PoolGovernor.class).ungoverned()).extracting(UngovernedPool::kind)
			.containsExactly(PoolKind.RABBIT);
	}

	@Test
	void oneInstanceMayHaveAllThatItNeeds() throws Exception {
		ConfigurableApplicationContext instance = start();
		assertThat(instance.getBean(PoolGovernor.class).fleet().mode()).isEqualTo(FleetMode.LEASES);
		try (Load load = new Load()) {
			load.on(pool(instance), 60, "SELECT pg_sleep(0.05)");
			// 49 slots, of which one pays for the coordinator
			await().atMost(PATIENCE).until(() -> share(instance).sessions() == BUDGET - 3);
			await().atMost(PATIENCE).until(() -> open() == BUDGET - 2);
			load.close();
			assertThat(load.failures()).isEmpty();
		}
	}

	@Test
	void whoStartsLeavesTheOthersWhatItDoesNotNeedYet() throws Exception {
		ConfigurableApplicationContext busy = start();
		ExecutorService starter = Executors.newSingleThreadExecutor();
		try (Load load = new Load()) {
			load.on(pool(busy), 60, "SELECT pg_sleep(0.05)");
			await().atMost(PATIENCE).until(() -> share(busy).sessions() == BUDGET - 3);
			Future<ConfigurableApplicationContext> starting = starter
				.submit(() -> start(TestApplication.automatic(SlowStart.class), "pool.database.min-size=10"));
			assertThat(SlowStart.CONNECTED.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			await().atMost(PATIENCE).until(() -> share(busy).sessions() == BUDGET - 3 - 4);
			highest(Duration.ofSeconds(2));
			assertThat(share(busy).sessions()).isEqualTo(BUDGET - 3 - 4);
			SlowStart.RELEASE.countDown();
			ConfigurableApplicationContext started = starting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			// warm before it takes requests, at the cost of the busy one
			assertThat(started.getBean(HikariDataSource.class).getHikariPoolMXBean().getTotalConnections())
				.isEqualTo(10);
			assertThat(share(busy).sessions()).isEqualTo(BUDGET - 3 - 11);
			load.close();
			assertThat(load.failures()).isEmpty();
		}
		finally {
			SlowStart.RELEASE.countDown();
			starter.shutdownNow();
		}
	}

	@Test
	void whoStopsGivesUpWhatItDoesNotUse() throws Exception {
		ConfigurableApplicationContext busy = start();
		ConfigurableApplicationContext leaving = start(TestApplication.automatic(SlowStop.class),
				"pool.database.min-size=10");
		Thread stopping = new Thread(leaving::close, "stopping");
		try (Load load = new Load()) {
			load.on(pool(busy), 60, "SELECT pg_sleep(0.05)");
			await().atMost(PATIENCE).until(() -> share(busy).sessions() == BUDGET - 3 - 11);
			stopping.start();
			await().atMost(PATIENCE).until(() -> share(busy).sessions() == BUDGET - 3 - 4);
			assertThat(leaving.isRunning()).isTrue();
			SlowStop.RELEASE.countDown();
			await().atMost(PATIENCE).until(() -> share(busy).sessions() == BUDGET - 3);
			load.close();
			assertThat(load.failures()).isEmpty();
		}
		finally {
			SlowStop.RELEASE.countDown();
			stopping.join(PATIENCE.toMillis());
		}
	}

	@Test
	void nothingIsLeftOfAnInstanceThatWasClosed() throws Exception {
		ConfigurableApplicationContext instance = start();
		pool(instance).getConnection().close();
		instance.close();
		assertThat(open()).isZero();
	}

	@Test
	void instancesShareTheBudgetAndNeverExceedIt() throws Exception {
		try (Load load = new Load()) {
			for (int i = 0; i < 3; i++) {
				load.on(pool(start()), 40, "SELECT pg_sleep(0.02)");
			}
			int highest = highest(Duration.ofSeconds(6));
			assertThat(this.instances).map((instance) -> share(instance).sessions())
				.allMatch((each) -> each >= 14 && each <= 16);
			load.close();
			assertThat(load.failures()).isEmpty();
			assertThat(highest).isBetween(45, BUDGET);
		}
	}

	@Test
	void lostCoordinatorIsReplacedWhileWorkGoesOn() throws Exception {
		try (Load load = new Load()) {
			load.on(pool(start()), 40, "SELECT pg_sleep(0.02)");
			load.on(pool(start()), 40, "SELECT pg_sleep(0.02)");
			await().atMost(PATIENCE).until(() -> open() >= 40);
			for (int i = 0; i < 5; i++) {
				int newest = this.sessions.number(COORDINATORS.formatted("max(pid)"));
				this.sessions.execute(COORDINATORS.formatted("pg_terminate_backend(pid)"));
				await().atMost(PATIENCE)
					.until(() -> this.sessions
						.number(COORDINATORS.formatted("count(*)") + " AND pid > " + newest) == 2);
				await().atMost(PATIENCE)
					.until(() -> this.instances.stream().noneMatch((each) -> share(each).degraded()));
				assertThat(highest(Duration.ofMillis(500))).isLessThanOrEqualTo(BUDGET);
			}
			load.close();
			assertThat(load.failures()).isEmpty();
		}
	}

	@Test
	void sessionsThatAnOperatorEndsAreReplaced() throws Exception {
		try (Load load = new Load()) {
			load.on(pool(start()), 40, "SELECT pg_sleep(0.02)");
			load.on(pool(start()), 40, "SELECT pg_sleep(0.02)");
			await().atMost(PATIENCE).until(() -> open() >= 48);
			this.sessions.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
					+ " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
					+ " AND application_name NOT LIKE 'poolwise1 %'");
			assertThat(highest(Duration.ofSeconds(1))).isLessThanOrEqualTo(BUDGET);
			await().atMost(PATIENCE).until(() -> open() >= 48);
		}
	}

	@Test
	void serverThatRestartsIsUsedAgain() throws Exception {
		try (Load load = new Load()) {
			ConfigurableApplicationContext instance = start();
			load.on(pool(instance), 60, "SELECT pg_sleep(0.02)");
			await().atMost(PATIENCE).until(() -> open() >= 40);
			this.sessions.close();
			this.server.restart();
			this.sessions = new Sessions(this.server);
			int highest = highest(Duration.ofSeconds(3));
			await().atMost(PATIENCE).until(() -> open() >= 40 && !share(instance).degraded());
			assertThat(highest).isLessThanOrEqualTo(BUDGET);
			assertThat(instance.getBean(PoolGovernor.class).pools().get(0).status()).isIn(PoolStatus.HEALTHY,
					PoolStatus.SATURATED);
		}
	}

	@Test
	void poolWhoseServerDiesIsDownThoughNobodyAsksForItsHealth() throws Exception {
		try (Load load = new Load()) {
			ConfigurableApplicationContext instance = start("pool.database.acquire-timeout=1s");
			PoolGovernor governor = instance.getBean(PoolGovernor.class);
			load.on(pool(instance), 10, "SELECT pg_sleep(0.02)");
			await().atMost(PATIENCE).until(() -> open() >= 10);
			this.sessions.close();
			this.server.kill();
			await().atMost(PATIENCE).until(() -> governor.pools().get(0).status() == PoolStatus.DOWN);
			assertThat(share(instance).reason()).startsWith("no coordinator session: ");
			this.server.restart();
			this.sessions = new Sessions(this.server);
			await().atMost(PATIENCE).until(() -> governor.pools().get(0).status() == PoolStatus.HEALTHY);
		}
	}

	@Test
	void serverThatIsDownAtTheStartIsJoinedWhenItIsUp() throws Exception {
		this.sessions.close();
		this.server.stop();
		ConfigurableApplicationContext instance = start();
		this.server.restart();
		this.sessions = new Sessions(this.server);
		pool(instance).getConnection().close();
		assertThat(share(instance).degraded()).isFalse();
		assertThat(this.sessions.of("poolwise1 ")).isEqualTo(1);
	}

	@Test
	void connectionWhoseApplicationGaveBackItsLockIsReplaced() throws Exception {
		ConfigurableApplicationContext instance = start("pool.database.min-size=1", "pool.database.max-size=5");
		int pid;
		try (Connection connection = pool(instance).getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_unlock_all()");
			pid = this.sessions.number("SELECT pid FROM pg_stat_activity WHERE query LIKE '%unlock_all%'"
					+ " AND pid <> pg_backend_pid()");
		}
		await().atMost(Duration.ofSeconds(60))
			.until(() -> this.sessions.number("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid) == 0);
	}

	@Test
	void moreInstancesThanSeatsJoinOneAfterTheOther() throws Exception {
		try (Load load = new Load()) {
			for (int i = 0; i < 8; i++) {
				start("pool.leases.seats=1");
			}
			this.instances.forEach((instance) -> load.on(pool(instance), 10, "SELECT pg_sleep(0.02)"));
			await().atMost(PATIENCE).until(() -> this.instances.stream().noneMatch((each) -> share(each).degraded()));
			assertThat(highest(Duration.ofSeconds(3))).isLessThanOrEqualTo(BUDGET);
			load.close();
			assertThat(load.failures()).isEmpty();
		}
	}

	@Test
	void longStatementsDelayASplitAndNeverBreakIt() throws Exception {
		try (Load load = new Load()) {
			load.on(pool(start()), 60, "SELECT pg_sleep(8)");
			await().atMost(PATIENCE).until(() -> open() >= BUDGET - 2);
			ConfigurableApplicationContext second = start("pool.database.acquire-timeout=20s");
			load.on(pool(second), 40, "SELECT pg_sleep(0.02)");
			assertThat(highest(Duration.ofSeconds(12))).isLessThanOrEqualTo(BUDGET);
			await().atMost(PATIENCE).until(() -> share(second).sessions() >= 20);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class OtherBroker {

		@Bean
		ThreadChannelConnectionFactory broker() {
			return new ThreadChannelConnectionFactory(new com.rabbitmq.client.ConnectionFactory());
		}

	}

	/** Has connected, and takes its time with everything else. */
	@Configuration(proxyBeanMethods = false)
	static class SlowStart {

		static final CountDownLatch CONNECTED = new CountDownLatch(1);

		static final CountDownLatch RELEASE = new CountDownLatch(1);

		@Bean
		SmartInitializingSingleton everythingElse(DataSource pool) {
			return () -> {
				try {
					pool.getConnection().close();
					CONNECTED.countDown();
					assertThat(RELEASE.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
				}
				catch (SQLException | InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			};
		}

	}

	/** Has requests to finish when it stops. */
	@Configuration(proxyBeanMethods = false)
	static class SlowStop implements SmartLifecycle {

		static final CountDownLatch RELEASE = new CountDownLatch(1);

		private volatile boolean running;

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			try {
				assertThat(RELEASE.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
