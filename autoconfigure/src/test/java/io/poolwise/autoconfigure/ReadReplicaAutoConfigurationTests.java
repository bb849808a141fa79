package io.poolwise.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import io.poolwise.actuate.PoolHealthContributor;
import io.poolwise.actuate.ReplicaMeters;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTimeoutException;
import io.poolwise.pool.StandIn;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ReadReplicaAutoConfiguration}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class ReadReplicaAutoConfigurationTests {

	private static final String URL = "pool.database.read-replica.url";

	/**
	 * Nobody listens there.
	 */
	private static final String NOBODY = "jdbc:postgresql://127.0.0.1:1/orders";

	// databases in memory may outlive the test that named them, with the user who came
	// first
	private final String main = "MAIN_" + System.nanoTime();

	private final String copy = "COPY_" + System.nanoTime();

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, HikariPoolAutoConfiguration.class,
				ReadReplicaAutoConfiguration.class, ReadReplicaMetricsAutoConfiguration.class,
				PoolHealthAutoConfiguration.class, PoolMetricsAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				DataSourcePoolMetricsAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + this.main, "spring.datasource.username=sa",
				"pool.database.max-size=4", "pool.database.min-size=1", "pool.database.acquire-timeout=60s");

	private final ApplicationContextRunner runner = this.bare.withPropertyValues(URL + "=jdbc:h2:mem:" + this.copy);

	@ParameterizedTest
	@ValueSource(strings = { "", "lazy" })
	void readOnlyTransactionsGoToTheReplicaAndNothingElse(String fetch) {
		this.runner.withPropertyValues("spring.datasource.connection-fetch=" + fetch).run((context) -> {
			awaitDatabase(context, true, this.copy);
			assertThat(database(context, false)).isEqualTo(this.main);
			assertThat(database(context, true)).isEqualTo(this.copy);
			assertThat(jdbc(context).queryForObject("CALL DATABASE()", String.class)).isEqualTo(this.main);
			assertThat(context.getBean(PoolGovernor.class).activity("read-replica").standIn().map(StandIn::pool))
				.contains("primary");
		});
	}

	@Test
	void applicationSeesTheDataSourceThatItHad() {
		this.runner.run((context) -> {
			assertThat(context.getBean(HikariDataSource.class)).isSameAs(context.getBean(DataSource.class))
				.isSameAs(context.getBean("dataSource"));
			HikariDataSource unwrapped = DataSourceUnwrapper.unwrap(context.getBean(DataSource.class),
					HikariConfigMXBean.class, HikariDataSource.class);
			assertThat(Objects.requireNonNull(unwrapped).getJdbcUrl()).isEqualTo("jdbc:h2:mem:" + this.main);
			assertThat(jdbc(context).getDataSource()).isSameAs(context.getBean("dataSource"));
		});
	}

	@Test
	void poolHasSizesHealthAndMetersOfItsOwn() {
		this.runner
			.withPropertyValues("pool.database.read-replica.max-size=3", "pool.database.read-replica.min-size=2",
					"pool.database.read-replica.acquire-timeout=7s")
			.run((context) -> {
				PoolReport report = report(context, "read-replica");
				assertThat(report.target()).isEqualTo(PoolSize.of(2, 3));
				assertThat(report.reasons()).contains("pool.database.read-replica.max-size 3");
				assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(1, 4));
				assertThat(replica(context).getConnectionTimeout()).isEqualTo(7000);
				assertThat(replica(context).isReadOnly()).isTrue();
				assertThat(context.getBean("dbHealthContributor", PoolHealthContributor.class).stream())
					.extracting(HealthContributors.Entry::name)
					.containsExactlyInAnyOrder("primary", "read-replica");
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(health(context).getDetails()).containsEntry("fallback", "primary")
					.containsEntry("fallbacks", 0L);
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				assertThat(fallbacks(meters)).isZero();
				assertThat(meters.get("pool.max").tag("pool", "read-replica").gauge().value()).isEqualTo(3);
				// HikariCP's own are there once the pool is started, in a thread of its
				// own
				Search own = meters.find("hikaricp.connections.max").tag("pool", "read-replica");
				await().atMost(Duration.ofSeconds(30)).until(() -> own.gauge() != null);
				assertThat(own.gauge().value()).isEqualTo(3);
			});
	}

	@Test
	void withoutSizesOfItsOwnItHasThoseOfAll() {
		this.runner.run((context) -> assertThat(report(context, "read-replica").target()).isEqualTo(PoolSize.of(1, 4)));
	}

	@Test
	void userAndPasswordAreThoseOfThePrimaryUnlessSet() {
		ApplicationContextRunner runner = this.runner.withPropertyValues("spring.datasource.username=app",
				"spring.datasource.password=secret",
				"spring.datasource.hikari.data-source-properties.DB_CLOSE_DELAY=5");
		runner.run((context) -> {
			assertThat(replica(context).getUsername()).isEqualTo("app");
			assertThat(replica(context).getPassword()).isEqualTo("secret");
			assertThat(replica(context).getDataSourceProperties()).containsEntry("DB_CLOSE_DELAY", "5");
		});
		runner
			.withPropertyValues("pool.database.read-replica.username=reader",
					"pool.database.read-replica.password=other")
			.run((context) -> {
				assertThat(replica(context).getUsername()).isEqualTo("reader");
				assertThat(replica(context).getPassword()).isEqualTo("other");
			});
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void whileTheReplicaIsDownThePrimaryServesAtOnce(int min, CapturedOutput output) {
		this.bare
			.withPropertyValues(URL + "=" + NOBODY + "?password=geheim", "pool.database.read-replica.min-size=" + min)
			.run((context) -> {
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				await().atMost(Duration.ofSeconds(30)).until(() -> {
					assertThat(database(context, true)).isEqualTo(this.main);
					return fallbacks(meters) > 0;
				});
				double before = fallbacks(meters);
				for (int i = 0; i < 100; i++) {
					assertThat(database(context, true)).isEqualTo(this.main);
				}
				assertThat(fallbacks(meters)).isEqualTo(before + 100);
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(health(context).getDetails()).containsEntry("status", "down")
					.containsEntry("fallback", "in use: primary");
			});
		assertThat(output)
			.containsOnlyOnce("read-replica: the server can't be reached; read-only transactions go to "
					+ "primary until it is back")
			.doesNotContain("geheim");
	}

	@Test
	void fullReplicaIsWaitedFor() {
		this.runner
			.withPropertyValues("pool.database.read-replica.max-size=1",
					"pool.database.read-replica.acquire-timeout=600ms")
			.run((context) -> {
				awaitDatabase(context, true, this.copy);
				double before = fallbacks(context.getBean(MeterRegistry.class));
				try (Connection held = replica(context).getConnection()) {
					assertThat(held.isValid(1)).isTrue();
					assertThatException().isThrownBy(() -> database(context, true))
						.withRootCauseInstanceOf(SQLTransientConnectionException.class)
						.havingCause()
						.isInstanceOf(PoolTimeoutException.class);
				}
				assertThat(database(context, true)).isEqualTo(this.copy);
				assertThat(fallbacks(context.getBean(MeterRegistry.class))).isEqualTo(before);
				assertThat(context.getBean(PoolGovernor.class).activity("read-replica").trouble().timeouts()).isOne();
			});
	}

	/**
	 * Its connects neither succeed nor fail.
	 */
	@Test
	void silentReplicaIsNotWaitedFor() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			this.bare
				.withPropertyValues(URL + "=jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/orders",
						"pool.database.read-replica.acquire-timeout=60s")
				.run((context) -> {
					await().atMost(Duration.ofSeconds(30)).until(() -> {
						assertThat(database(context, true)).isEqualTo(this.main);
						return fallbacks(context.getBean(MeterRegistry.class)) > 0;
					});
					// what still waits for an answer is told that there is none
					silent.close();
				});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.profile=", URL + "=", "pool.enabled=false", "pool.database.enabled=false" })
	void withoutTheKeyOrSwitchedOffThereIsNothing(String property) {
		ApplicationContextRunner runner = property.endsWith("false") ? this.runner : this.bare;
		runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(DataSource.class)
				.doesNotHaveBean(ReadReplicaRouting.class)
				.doesNotHaveBean(ReplicaMeters.class));
	}

	@Test
	void aDryRunMakesNothingAndSaysSo(CapturedOutput output) {
		this.runner.withPropertyValues("pool.dry-run=true").run((context) -> {
			assertThat(context).hasSingleBean(DataSource.class).doesNotHaveBean(ReadReplicaRouting.class);
			assertThat(database(context, true)).isEqualTo(this.main);
		});
		assertThat(output).contains("read-replica: pool.database.read-replica.url has no effect");
	}

	@Test
	void poolOfTheApplicationWins(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnReplica.class).run((context) -> {
			assertThat(context).doesNotHaveBean(ReadReplicaRouting.class);
			assertThat(replica(context).getJdbcUrl()).isEqualTo("jdbc:h2:mem:own");
			assertThat(context.getBean(PoolGovernor.class).pool("readReplicaDataSource")).isPresent();
			assertThat(database(context, true)).isEqualTo(this.main);
		});
		assertThat(output).contains("or a bean readReplicaDataSource of its own");
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnLazy.class, OwnRouting.class })
	void primaryThatIsNoPoolIsLeftAlone(Class<?> own, CapturedOutput output) {
		this.runner.withUserConfiguration(own).run((context) -> {
			assertThat(database(context, true)).isEqualTo("OWN");
			assertThat(context.getBean(PoolGovernor.class).pool("read-replica")).isPresent();
			assertThat(context.getBean(PoolGovernor.class).activity("read-replica").standIn()).isEmpty();
		});
		assertThat(output).contains("read-replica: nothing is sent there, since the primary data source is a ");
	}

	@Test
	void twoDataSourcesOfWhichNoneIsThePrimaryAreLeftAlone(CapturedOutput output) {
		this.runner.withUserConfiguration(Two.class)
			.run((context) -> assertThat(context.getBean(PoolGovernor.class).activity("read-replica").standIn())
				.isEmpty());
		assertThat(output).contains("since no data source is the only one, or marked as @Primary");
	}

	@Test
	void addressOfThePrimaryIsWarnedOf(CapturedOutput output) {
		this.bare.withPropertyValues(URL + "=jdbc:h2:mem:" + this.main)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("read-replica: pool.database.read-replica.url is the address of the primary");
	}

	@Test
	void librariesThatAreNotThereAreNotMissed() {
		for (Class<?> missing : new Class<?>[] { HikariDataSource.class, DataSourceUnwrapper.class }) {
			this.runner.withClassLoader(new FilteredClassLoader(missing))
				.withBean("legacy", DataSource.class, PoolHealthAutoConfigurationTests.Legacy::h2)
				.run((context) -> assertThat(context).doesNotHaveBean(ReadReplicaAutoConfiguration.class));
		}
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ReadReplicaRouting.class)
				.doesNotHaveBean("readReplicaMeters"));
	}

	private static void awaitDatabase(ApplicationContext context, boolean readOnly, String database) {
		await().atMost(Duration.ofSeconds(30)).until(() -> database(context, readOnly).equals(database));
	}

	private static String database(ApplicationContext context, boolean readOnly) {
		TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		transaction.setReadOnly(readOnly);
		return Objects.requireNonNull(
				transaction.execute((status) -> jdbc(context).queryForObject("CALL DATABASE()", String.class)));
	}

	private static JdbcTemplate jdbc(ApplicationContext context) {
		return context.getBean(JdbcTemplate.class);
	}

	private static double fallbacks(MeterRegistry meters) {
		return meters.get("pool.replica.fallbacks")
			.tags("pool", "read-replica", "kind", "database")
			.functionCounter()
			.count();
	}

	private static PoolReport report(ApplicationContext context, String pool) {
		return context.getBean(PoolGovernor.class).pool(pool).orElseThrow();
	}

	private static HikariDataSource replica(ApplicationContext context) {
		return context.getBean("readReplicaDataSource", GovernedHikariDataSource.class);
	}

	private static Health health(ApplicationContext context) {
		HealthIndicator part = (HealthIndicator) context.getBean("dbHealthContributor", PoolHealthContributor.class)
			.getContributor("read-replica");
		return Objects.requireNonNull(part.health());
	}

	private static HikariDataSource pool(String database) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl("jdbc:h2:mem:" + database);
		return pool;
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnReplica {

		@Bean(defaultCandidate = false)
		HikariDataSource readReplicaDataSource() {
			return pool("own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLazy {

		@Bean
		@Primary
		DataSource own() {
			LazyConnectionDataSourceProxy own = new LazyConnectionDataSourceProxy(
					PoolHealthAutoConfigurationTests.Legacy.h2());
			own.setReadOnlyDataSource(pool("own"));
			return own;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRouting {

		@Bean
		@Primary
		DataSource own() {
			AbstractRoutingDataSource own = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return "here";
				}

			};
			own.setTargetDataSources(Map.of("here", pool("own")));
			return own;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Two {

		@Bean
		HikariDataSource orders() {
			return pool("orders");
		}

		@Bean
		HikariDataSource archive() {
			return pool("archive");
		}

	}

}
