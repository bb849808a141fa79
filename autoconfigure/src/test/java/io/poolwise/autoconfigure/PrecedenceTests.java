package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSaturatedException;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTimeoutException;
import io.poolwise.pool.PostMortem;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what wins: the budget, an explicit key of ours, an explicit setting of
 * HikariCP, the profile. On H2, which has no limit but the one that a key gives it.
 */
@ExtendWith(OutputCaptureExtension.class)
class PrecedenceTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					                                                                          | 5  | 20
					pool.database.max-size=8                                                  | 5  | 8
					pool.database.max-size=3                                                  | 3  | 3
					pool.database.min-size=0                                                  | 0  | 20
					pool.database.min-size=20                                                 | 20 | 20
					pool.database.max-size=1                                                  | 1  | 1
					spring.datasource.hikari.maximum-pool-size=7                              | 5  | 7
					spring.datasource.hikari.maximum-pool-size=10                             | 5  | 10
					spring.datasource.hikari.maximumPoolSize=3                                | 3  | 3
					spring.datasource.hikari.maximum-pool-size=7,pool.database.max-size=9     | 5  | 9
					spring.datasource.hikari.minimum-idle=2                                   | 2  | 20
					spring.datasource.hikari.minimum-idle=2,pool.database.min-size=4          | 4  | 20
					spring.datasource.hikari.minimum-idle=15,spring.datasource.hikari.maximum-pool-size=12 | 12 | 12
					spring.datasource.hikari.minimum-idle=15,pool.database.max-size=12        | 12 | 12
					pool.database.pools.primary.max-size=6                                    | 5  | 6
					pool.database.pools.primary.max-size=6,pool.database.max-size=9           | 5  | 6
					pool.database.pools.primary.min-size=1,pool.database.min-size=2           | 1  | 20
					pool.database.pools.primary.max-size=6,spring.datasource.hikari.maximum-pool-size=7 | 5 | 6
					pool.database.budget.limit=10                                             | 5  | 9
					pool.database.budget.limit=10,pool.database.max-size=30                   | 5  | 9
					pool.database.budget.limit=10,spring.datasource.hikari.maximum-pool-size=30 | 5 | 9
					pool.database.budget.limit=10,pool.database.min-size=15                   | 9  | 9
					pool.database.budget.limit=10,pool.database.max-size=4                    | 4  | 4
					pool.database.budget.limit=4,pool.database.pools.primary.budget.limit=8,pool.database.budget.reserve=0 | 5 | 8
					""")
	void sizesGoByPrecedence(String properties, int min, int max) {
		TestApplication application = TestApplication.onH2();
		if (properties != null) {
			application.with(properties.split(","));
		}
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(min, max));
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(pool.getMinimumIdle()).isEqualTo(min);
			assertThat(pool.getMaximumPoolSize()).isEqualTo(max);
		}
	}

	@Test
	void reasonsNameWhatWasAskedAndWhatWasApplied() {
		try (ConfigurableApplicationContext context = TestApplication.onH2()
			.with("spring.datasource.hikari.maximum-pool-size=30", "pool.database.budget.limit=10")
			.run()) {
			assertThat(report(context, "primary").reasons())
				.contains("spring.datasource.hikari.maximum-pool-size 30", "pool.database.min-size 5 from profile dev",
						"pool.database.budget.limit = 10", "max-size 30 cut to 9")
				.doesNotContain("profile dev: 5 to 20");
		}
	}

	@Test
	void limitOfOnePoolIsNamedByItsOwnKey() {
		try (ConfigurableApplicationContext context = TestApplication.onH2()
			.with("pool.database.pools.primary.budget.limit=10")
			.run()) {
			assertThat(report(context, "primary").reasons()).contains("pool.database.pools.primary.budget.limit = 10");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                                                              | 10000 | 300000
			pool.database.acquire-timeout=3s                                              | 3000  | 300000
			pool.database.acquire-timeout=250ms                                           | 250   | 300000
			pool.database.max-inactive-lifetime=20s                                       | 10000 | 20000
			spring.datasource.hikari.connection-timeout=4000                              | 4000  | 300000
			spring.datasource.hikari.connection-timeout=30000                             | 30000 | 300000
			spring.datasource.hikari.connection-timeout=4000,pool.database.acquire-timeout=3s | 3000 | 300000
			spring.datasource.hikari.idle-timeout=25000                                   | 10000 | 25000
			spring.datasource.hikari.idle-timeout=600000                                  | 10000 | 600000
			spring.datasource.hikari.idle-timeout=0                                       | 10000 | 0
			spring.datasource.hikari.idle-timeout=25000,pool.database.max-inactive-lifetime=20s | 10000 | 20000
			pool.database.pools.primary.acquire-timeout=2s,pool.database.acquire-timeout=3s | 2000 | 300000
			""")
	void timesGoByPrecedence(String properties, long connectionTimeout, long idleTimeout) {
		TestApplication application = TestApplication.onH2();
		if (properties != null) {
			application.with(properties.split(","));
		}
		try (ConfigurableApplicationContext context = application.run()) {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(pool.getConnectionTimeout()).isEqualTo(connectionTimeout);
			assertThat(pool.getIdleTimeout()).isEqualTo(idleTimeout);
			assertThat(pool.getMaxLifetime()).isEqualTo(new HikariDataSource().getMaxLifetime());
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			pool.profile=dev                                                              | 120000
			pool.profile=prod                                                             | 0
			pool.profile=test                                                             | 60000
			pool.profile=dev,pool.database.max-lifetime=30s                               | 30000
			pool.profile=dev,pool.database.leak-detection-threshold=0                     | 0
			pool.profile=prod,pool.database.leak-detection-threshold=5s                   | 5000
			pool.profile=dev,spring.datasource.hikari.leak-detection-threshold=3000       | 3000
			pool.profile=dev,spring.datasource.hikari.leak-detection-threshold=0          | 0
			pool.database.pools.primary.leak-detection-threshold=4s                       | 4000
			""")
	void leakDetectionGoesByPrecedence(String properties, long threshold) {
		try (ConfigurableApplicationContext context = TestApplication.onH2().with(properties.split(",")).run()) {
			assertThat(context.getBean(HikariDataSource.class).getLeakDetectionThreshold()).isEqualTo(threshold);
		}
	}

	@Test
	void overflowAndRecyclingAreSetForAllOrOne() throws SQLException {
		for (String prefix : List.of("pool.database.", "pool.database.pools.primary.")) {
			try (ConfigurableApplicationContext context = TestApplication.onH2()
				.with("pool.profile=dev", prefix + "max-overflow=5", prefix + "max-queries=1")
				.run()) {
				assertThat(report(context, "primary").target()).isEqualTo(new PoolSize(5, 20, 5));
				assertThat(report(context, "primary").reasons()).contains(prefix + "max-overflow 5");
				try (Connection connection = context.getBean(HikariDataSource.class).getConnection()) {
					connection.createStatement().close();
				}
				assertThat(context.getBean(PoolGovernor.class).activity("primary").recycled()).isEqualTo(1);
			}
		}
	}

	@Test
	void callersThatMayWaitAreBoundedForAllOrOne() throws Exception {
		for (String key : List.of("pool.database.max-pending=1", "pool.database.pools.primary.max-pending=1")) {
			try (ConfigurableApplicationContext context = TestApplication.onH2()
				.with("pool.database.max-size=1", "pool.database.acquire-timeout=60s", key)
				.run()) {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				Connection held = pool.getConnection();
				Thread waiting = new Thread(() -> {
					try {
						pool.getConnection().close();
					}
					catch (SQLException ex) {
						throw new IllegalStateException(ex);
					}
				});
				waiting.start();
				await().until(() -> report(context, "primary").actual().pending() == 1);
				assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(pool::getConnection);
				held.close();
				waiting.join(30_000);
				assertThat(waiting.isAlive()).isFalse();
				assertThat(context.getBean(PoolGovernor.class).activity("primary").trouble().refused()).isEqualTo(1);
			}
		}
	}

	@Test
	void postMortemIsMadeUnlessSwitchedOff() throws SQLException {
		assertThat(postMortem("pool.profile=prod")).isNotNull();
		assertThat(postMortem("pool.database.post-mortem=false")).isNull();
		assertThat(postMortem("pool.database.pools.primary.post-mortem=false")).isNull();
	}

	private static PostMortem postMortem(String property) throws SQLException {
		try (ConfigurableApplicationContext context = TestApplication.onH2()
			.with("pool.database.max-size=1", "pool.database.acquire-timeout=250ms", property)
			.run(); Connection held = context.getBean(HikariDataSource.class).getConnection()) {
			assertThat(held.isClosed()).isFalse();
			assertThatExceptionOfType(PoolTimeoutException.class)
				.isThrownBy(context.getBean(HikariDataSource.class)::getConnection);
			return context.getBean(PoolGovernor.class).activity("primary").trouble().postMortem();
		}
	}

	@Test
	void lifetimeIsHikarisUnlessSet() {
		assertThat(maxLifetime("pool.database.max-lifetime=7m")).isEqualTo(420_000);
		assertThat(maxLifetime("spring.datasource.hikari.max-lifetime=400000")).isEqualTo(400_000);
		assertThat(maxLifetime("spring.datasource.hikari.max-lifetime=400000", "pool.database.max-lifetime=7m"))
			.isEqualTo(420_000);
	}

	@Test
	void explicitInitSqlReplacesHikaris() throws SQLException {
		assertThat(lockTimeout("spring.datasource.hikari.connection-init-sql=SET LOCK_TIMEOUT 1111")).isEqualTo(1111);
		assertThat(lockTimeout("pool.database.init-sql=SET LOCK_TIMEOUT 2222")).isEqualTo(2222);
		assertThat(lockTimeout("spring.datasource.hikari.connection-init-sql=SET LOCK_TIMEOUT 1111",
				"pool.database.init-sql=SET LOCK_TIMEOUT 2222"))
			.isEqualTo(2222);
		assertThat(lockTimeout("spring.datasource.hikari.connection-init-sql=SET LOCK_TIMEOUT 1111",
				"pool.database.init-sql="))
			.isEqualTo(1111);
	}

	@Test
	void beanBoundToKeysOfItsOwnKeepsThem() {
		try (ConfigurableApplicationContext context = TestApplication.automatic(BoundElsewhere.class)
			.with("app.db.jdbc-url=jdbc:h2:mem:bound-elsewhere", "app.db.maximum-pool-size=10",
					"app.db.connection-timeout=30000", "spring.datasource.hikari.maximum-pool-size=3")
			.run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(5, 10));
			assertThat(report(context, "primary").reasons()).contains("app.db.maximum-pool-size 10");
			assertThat(context.getBean(HikariDataSource.class).getConnectionTimeout()).isEqualTo(30_000);
		}
	}

	@Test
	void beanBoundToKeysWithoutAPrefixKeepsThem() {
		try (ConfigurableApplicationContext context = TestApplication.automatic(BoundToTheRoot.class)
			.with("maximum-pool-size=10")
			.run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(5, 10));
			assertThat(report(context, "primary").reasons()).contains("maximum-pool-size 10");
		}
	}

	@Test
	void contextsOfAHierarchyShareTheGovernor() throws SQLException {
		SpringApplicationBuilder parent = new SpringApplicationBuilder(TestApplication.Automatic.class)
			.web(WebApplicationType.NONE)
			.properties("spring.datasource.url=jdbc:h2:mem:parent", "pool.profile=test");
		try (ConfigurableApplicationContext above = parent.run()) {
			PoolGovernor governor = above.getBean(PoolGovernor.class);
			try (ConfigurableApplicationContext below = parent.child(SetInCode.class, TestApplication.Automatic.class)
				.run()) {
				assertThat(below.getBean(PoolGovernor.class)).isSameAs(governor);
				assertThat(governor.pools()).extracting(PoolReport::name).containsExactly("primary", "orders");
			}
			assertThat(above.getBean(HikariDataSource.class).getConnection().isValid(1)).isTrue();
		}
	}

	@Test
	void beanSetInCodeKeepsItsSettings() {
		try (ConfigurableApplicationContext context = TestApplication.automatic(SetInCode.class)
			.with("spring.datasource.hikari.maximum-pool-size=3")
			.run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(2, 4));
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(pool).isInstanceOf(GovernedHikariDataSource.class);
			assertThat(pool.getConnectionTimeout()).isEqualTo(1234);
			assertThat(pool.getIdleTimeout()).isEqualTo(12345);
			assertThat(pool.getPoolName()).isEqualTo("in-code");
		}
	}

	@Test
	void explicitKeyBeatsCode() {
		try (ConfigurableApplicationContext context = TestApplication.automatic(SetInCode.class)
			.with("pool.database.max-size=6", "pool.database.acquire-timeout=3s")
			.run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(2, 6));
			assertThat(context.getBean(HikariDataSource.class).getConnectionTimeout()).isEqualTo(3000);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.database.pools.auditLog.max-size=3", "pool.database.pools.audit-log.max-size=3",
			"pool.database.pools.auditlog.maxSize=3", "pool.database.pools.[auditLog].max-size=3" })
	void eachPoolOfSeveralHasItsOwnKeys(String own) {
		try (ConfigurableApplicationContext context = TestApplication.onH2(Several.class)
			.with("pool.database.max-size=9", own)
			.run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(5, 9));
			assertThat(report(context, "auditLog").target()).isEqualTo(PoolSize.of(3, 3));
		}
	}

	@Test
	void environmentVariableReachesOnePoolOfSeveral() {
		try (ConfigurableApplicationContext context = TestApplication.onH2(Several.class)
			.withVariable("POOL_DATABASE_POOLS_AUDITLOG_MAXSIZE", "3")
			.run()) {
			assertThat(report(context, "auditLog").target()).isEqualTo(PoolSize.of(3, 3));
		}
	}

	@Test
	void beanNamesMayHoldAnything() {
		try (ConfigurableApplicationContext context = TestApplication.onH2(OddNames.class)
			.with("pool.database.pools.[com.acme.Orders#0].max-size=3", "pool.database.pools.[größe $1].max-size=2")
			.run()) {
			assertThat(report(context, "com.acme.Orders#0").target()).isEqualTo(PoolSize.of(3, 3));
			assertThat(report(context, "größe $1").target()).isEqualTo(PoolSize.of(2, 2));
		}
	}

	@Test
	void ourDefaultsMakeHikariWarnOfNothing(CapturedOutput output) throws SQLException {
		for (String properties : List.of("pool.profile=dev", "pool.profile=prod", "pool.profile=test",
				"pool.database.max-size=5", "pool.database.min-size=0", "pool.database.max-lifetime=3m",
				"spring.datasource.hikari.max-lifetime=240000", "spring.datasource.hikari.maximum-pool-size=1",
				"pool.database.acquire-timeout=300ms")) {
			try (ConfigurableApplicationContext context = TestApplication.onH2().with(properties).run();
					Connection connection = context.getBean(HikariDataSource.class).getConnection()) {
				assertThat(connection.isValid(1)).isTrue();
			}
		}
		assertThat(output.toString().lines().filter((line) -> line.contains(" WARN "))).isEmpty();
	}

	@Test
	void oneLineAPoolSaysItsSizeAndWhy(CapturedOutput output) {
		TestApplication.onH2().with("pool.database.max-size=8").run().close();
		assertThat(output.toString().lines().filter((line) -> line.contains("primary: "))).singleElement()
			.asString()
			.contains("INFO")
			.contains("primary: new -> 5 to 8 connections: pool.database.min-size 5 from profile dev; "
					+ "pool.database.max-size 8; H2 has no connection limit that is known here");
	}

	private static long maxLifetime(String... properties) {
		try (ConfigurableApplicationContext context = TestApplication.onH2().with(properties).run()) {
			return context.getBean(HikariDataSource.class).getMaxLifetime();
		}
	}

	private static int lockTimeout(String... properties) throws SQLException {
		try (ConfigurableApplicationContext context = TestApplication.onH2().with(properties).run();
				Connection connection = context.getBean(HikariDataSource.class).getConnection();
				java.sql.ResultSet row = connection.createStatement().executeQuery("CALL LOCK_TIMEOUT()")) {
			row.next();
			return row.getInt(1);
		}
	}

	private static PoolReport report(ConfigurableApplicationContext context, String name) {
		return context.getBean(PoolGovernor.class).pool(name).orElseThrow();
	}

	private static HikariDataSource h2(String name) {
		return DataSourceBuilder.create().type(HikariDataSource.class).url("jdbc:h2:mem:" + name).build();
	}

	@Configuration(proxyBeanMethods = false)
	static class BoundElsewhere {

		@Bean
		@ConfigurationProperties("app.db")
		HikariDataSource orders() {
			return new HikariDataSource();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BoundToTheRoot {

		@Bean
		@ConfigurationProperties
		HikariDataSource orders() {
			return h2("root");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SetInCode {

		@Bean
		HikariDataSource orders() {
			HikariDataSource pool = h2("in-code");
			pool.setPoolName("in-code");
			pool.setMaximumPoolSize(4);
			pool.setMinimumIdle(2);
			pool.setConnectionTimeout(1234);
			pool.setIdleTimeout(12345);
			return pool;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Several {

		@Bean
		@Primary
		HikariDataSource orders() {
			return h2("orders");
		}

		@Bean
		HikariDataSource auditLog() {
			return h2("audit");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OddNames {

		@Bean
		@Primary
		HikariDataSource orders() {
			return h2("orders");
		}

		@Bean("com.acme.Orders#0")
		HikariDataSource dots() {
			return h2("dots");
		}

		@Bean("größe $1")
		HikariDataSource umlauts() {
			return h2("umlauts");
		}

	}

}
