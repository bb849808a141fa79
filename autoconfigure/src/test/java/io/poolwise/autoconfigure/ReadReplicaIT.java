package io.poolwise.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.poolwise.actuate.PoolHealthContributor;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.testservers.PostgresServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A real streaming standby that read-only transactions go to, under load; it is killed,
 * and comes back.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadReplicaIT {

	private static final Logger logger = LoggerFactory.getLogger(ReadReplicaIT.class);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int READERS = 8;

	private static final int WRITERS = 2;

	// fewer than there are threads
	private static final int PRIMARY_SIZE = 6;

	private static final String APPLICATION = "replica-it";

	private static PostgresServer primary;

	private static PostgresServer standby;

	@BeforeAll
	static void start() throws Exception {
		// a vacuum on the primary would cancel statements on the standby
		primary = PostgresServer.builder().maxConnections(60).setting("autovacuum", "off").start();
		try (Sessions sessions = new Sessions(primary)) {
			sessions.execute("CREATE TABLE orders (id bigserial PRIMARY KEY)");
		}
		standby = primary.startStandby();
		try (Sessions sessions = new Sessions(standby)) {
			await().atMost(PATIENCE)
				.until(() -> sessions.number("SELECT count(*) FROM pg_class WHERE relname = 'orders'") == 1);
		}
	}

	@AfterAll
	static void stop() {
		standby.close();
		primary.close();
	}

	@Test
	void readsGoOnFromThePrimaryWhileTheStandbyIsAwayAndComeBack() throws Exception {
		try (ConfigurableApplicationContext context = run();
				Sessions onPrimary = new Sessions(primary);
				Sessions onStandby = new Sessions(standby);
				Work work = new Work(context)) {
			await().atMost(PATIENCE).until(() -> onStandby.of(APPLICATION) == READERS);
			work.phase("before");
			await().atMost(PATIENCE).until(() -> work.reads("before", "standby") > 500 && work.writes("before") > 20);
			assertThat(work.reads("before", "primary")).isZero();
			assertThat(work.failures("before")).isEmpty();
			// each server has a budget of its own: 57, less 10 %, for two instances
			assertThat(report(context, "primary").allotment()).isEqualTo(25);
			assertThat(report(context, "read-replica").allotment()).isEqualTo(25);

			work.phase("killed");
			standby.kill();
			await().atMost(PATIENCE).until(() -> fallbacks(context) > 0);
			work.phase("away");
			await().atMost(PATIENCE).until(() -> work.reads("away", "primary") > 500 && work.writes("away") > 20);
			assertThat(work.reads("away", "standby")).isZero();
			Health part = health(context);
			assertThat(part.getStatus()).isEqualTo(Status.UP);
			assertThat(part.getDetails()).containsEntry("status", "down").containsEntry("fallback", "in use: primary");

			standby.restart();
			await().atMost(PATIENCE).until(() -> work.reads("away", "standby") > 0);
			await().atMost(PATIENCE).until(() -> report(context, "read-replica").actual().size() == READERS);
			work.phase("back");
			await().atMost(PATIENCE).until(() -> work.reads("back", "standby") > 500);
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("status", "healthy")
					.containsEntry("fallback", "primary"));
			work.close();

			List.of("before", "killed", "away", "back")
				.forEach((phase) -> logger.info("{}: {}", phase, work.summary(phase)));
			logger.info("sessions on the primary at most {}, fallbacks {}", work.mostOnPrimary(), fallbacks(context));
			// what began before the fallback may fail with the server, nothing after it
			assertThat(work.failures("away")).isEmpty();
			assertThat(work.failures("back")).isEmpty();
			// one question to the server may be under way
			assertThat(work.mostOnPrimary()).isBetween(1, PRIMARY_SIZE + 1);
			assertThat(onPrimary.number("SELECT count(*) FROM orders"))
				.isGreaterThanOrEqualTo(work.writes("before") + work.writes("away"));
		}
	}

	/**
	 * As a web request with an open session in view does.
	 */
	@Test
	void transactionsOfOneEntityManagerGoWhereEachBelongs() {
		try (ConfigurableApplicationContext context = run()) {
			EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
			await().atMost(PATIENCE).until(() -> isStandby(context, true));
			EntityManager open = factory.createEntityManager();
			TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(open));
			try {
				for (boolean readOnly : new boolean[] { true, false, true, false }) {
					assertThat(isStandby(context, readOnly)).isEqualTo(readOnly);
				}
				assertThat(write(context, false)).isOne();
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> write(context, true))
					.withMessageContaining("read-only transaction");
			}
			finally {
				TransactionSynchronizationManager.unbindResource(factory);
				open.close();
			}
		}
	}

	@Test
	void standbyHasLeasesOfItsOwn() throws Exception {
		try (ConfigurableApplicationContext context = run("pool.leases.mode=on")) {
			await().atMost(PATIENCE).until(() -> isStandby(context, true) && !isStandby(context, false));
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.leases()).hasSize(2);
			assertThat(governor.lease("primary")).isPresent();
			assertThat(governor.lease("read-replica")).isPresent();
			// no connect is under way
			await().atMost(PATIENCE).until(() -> report(context, "read-replica").actual().free() == READERS);
			standby.kill();
			// a statement may still meet its end
			await().atMost(PATIENCE).ignoreExceptions().until(() -> !isStandby(context, true));
			for (int i = 0; i < 20; i++) {
				assertThat(isStandby(context, true)).isFalse();
			}
			standby.restart();
			await().atMost(PATIENCE).until(() -> isStandby(context, true));
		}
	}

	private static ConfigurableApplicationContext run(String... more) {
		return TestApplication.onJpa()
			.with("spring.datasource.url=" + primary.jdbcUrl() + "?ApplicationName=" + APPLICATION,
					"spring.datasource.username=" + primary.username(),
					"spring.datasource.password=" + primary.password(), "pool.profile=dev", "pool.replicas=2",
					"pool.database.max-size=" + PRIMARY_SIZE, "pool.database.acquire-timeout=60s",
					"pool.database.read-replica.url=" + standby.jdbcUrl() + "?ApplicationName=" + APPLICATION,
					"pool.database.read-replica.max-size=" + READERS, "pool.database.read-replica.min-size=" + READERS)
			.with(more)
			.run();
	}

	/**
	 * Asks through JPA.
	 */
	private static boolean isStandby(ConfigurableApplicationContext context, boolean readOnly) {
		EntityManager manager = SharedEntityManagerCreator
			.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
		return (boolean) Objects.requireNonNull(transaction(context, readOnly)
			.execute((status) -> manager.createNativeQuery("SELECT pg_is_in_recovery()").getSingleResult()));
	}

	private static int write(ConfigurableApplicationContext context, boolean readOnly) {
		return Objects.requireNonNull(transaction(context, readOnly)
			.execute((status) -> context.getBean(JdbcTemplate.class).update("INSERT INTO orders DEFAULT VALUES")));
	}

	private static TransactionTemplate transaction(ConfigurableApplicationContext context, boolean readOnly) {
		TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		transaction.setReadOnly(readOnly);
		return transaction;
	}

	private static PoolReport report(ConfigurableApplicationContext context, String pool) {
		return context.getBean(PoolGovernor.class).pool(pool).orElseThrow();
	}

	private static double fallbacks(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class).get("pool.replica.fallbacks").functionCounter().count();
	}

	private static Health health(ConfigurableApplicationContext context) {
		HealthIndicator part = (HealthIndicator) context.getBean("dbHealthContributor", PoolHealthContributor.class)
			.getContributor("read-replica");
		return Objects.requireNonNull(Objects.requireNonNull(part).health());
	}

	/**
	 * Readers, by JDBC and JPA in turn, and writers. What they do counts for the phase in
	 * which the transaction began.
	 */
	private static final class Work implements AutoCloseable {

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

		private final Map<String, ConcurrentLinkedQueue<RuntimeException>> failures = new ConcurrentHashMap<>();

		private final AtomicInteger mostOnPrimary = new AtomicInteger();

		private final Sessions sampler = new Sessions(primary);

		private final Future<?> sampling;

		private volatile String phase = "start";

		private volatile boolean stopped;

		Work(ConfigurableApplicationContext context) throws SQLException {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			TransactionTemplate readOnly = transaction(context, true);
			for (int i = 0; i < READERS; i++) {
				boolean jpa = i % 2 == 0;
				work((phase) -> {
					boolean standby = jpa ? isStandby(context, true)
							: Objects.requireNonNull(readOnly.execute((status) -> jdbc
								.queryForObject("SELECT pg_is_in_recovery() FROM pg_sleep(0.002)", Boolean.class)));
					count(phase, standby ? "standby" : "primary");
				});
			}
			for (int i = 0; i < WRITERS; i++) {
				work((phase) -> {
					write(context, false);
					count(phase, "written");
				});
			}
			this.sampling = this.threads.submit(() -> {
				while (!this.stopped) {
					int sessions = this.sampler.of(APPLICATION);
					this.mostOnPrimary.accumulateAndGet(sessions, Math::max);
					// a pace, which the server keeps
					this.sampler.number("SELECT 1 FROM pg_sleep(0.02)");
				}
				return null;
			});
		}

		private void work(Consumer<String> task) {
			this.threads.execute(() -> {
				while (!this.stopped) {
					String phase = this.phase;
					try {
						task.accept(phase);
					}
					catch (RuntimeException ex) {
						this.failures.computeIfAbsent(phase, (key) -> new ConcurrentLinkedQueue<>()).add(ex);
					}
				}
			});
		}

		private void count(String phase, String what) {
			this.counts.computeIfAbsent(phase + " " + what, (key) -> new AtomicInteger()).incrementAndGet();
		}

		void phase(String phase) {
			this.phase = phase;
		}

		int reads(String phase, String where) {
			return this.counts.getOrDefault(phase + " " + where, new AtomicInteger()).get();
		}

		int writes(String phase) {
			return reads(phase, "written");
		}

		List<RuntimeException> failures(String phase) {
			return List.copyOf(this.failures.getOrDefault(phase, new ConcurrentLinkedQueue<>()));
		}

		int mostOnPrimary() {
			return this.mostOnPrimary.get();
		}

		String summary(String phase) {
			return "%d reads from the standby, %d from the primary, %d writes, %d failed"
				.formatted(reads(phase, "standby"), reads(phase, "primary"), writes(phase), failures(phase).size());
		}

		@Override
		public void close() throws Exception {
			this.stopped = true;
			this.threads.shutdown();
			assertThat(this.threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
			this.sampling.get();
			this.sampler.close();
		}

	}

}
