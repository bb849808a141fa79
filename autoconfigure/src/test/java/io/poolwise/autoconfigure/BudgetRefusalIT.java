package io.poolwise.autoconfigure;

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

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What somebody reads whose budget is too small, on a real server.
 */
@ExtendWith(OutputCaptureExtension.class)
class BudgetRefusalIT {

	private static PostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().maxConnections(20).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void budgetThatIsTooSmallForTheFleetStopsTheStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("pool.replicas=50"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The budget is too small for the fleet: an allotment of 0 connections an instance for 1 pool "
					+ "(primary), which need at least 1 each.")
			.containsSubsequence("How it came to that:", "max_connections 20 - 3 reserved for superusers = 17",
					"reserve 10% of 17 = 1.7, rounded up to 2", "budget 17 - 2 = 15",
					"peak 50 replicas + 13 surge = 63", "allotment 15 / 63 = 0", "Action:", "pool.replicas",
					"pool.max-surge", "pool.database.budget.reserve", "pool.database.budget.share",
					"pool.database.budget.limit");
	}

	@Test
	void reserveThatTakesAllStopsTheStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("pool.replicas=1", "pool.database.budget.reserve=30"));
		assertThat(output).contains("budget 17 - 30: the reserve takes all, 0 left");
	}

	@Test
	void limitByKeyIsNamedAsSuch(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("pool.replicas=6", "pool.database.budget.limit=5"));
		assertThat(output).contains("The budget is too small for the fleet")
			.contains("- pool.database.budget.limit = 5");
	}

	// 15 over 3 + 1
	@Test
	void explicitSizeAboveTheAllotmentStopsTheStartIfAsked(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> run("pool.replicas=3", "pool.database.max-size=30", "pool.database.budget.on-exceed=fail"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("pool.database.max-size is 30, but the budget allots 3 connections, and "
					+ "pool.database.budget.on-exceed is fail.")
			.containsSubsequence("How it came to that:", "pool.database.max-size 30", "= 17", "budget 17 - 2 = 15",
					"peak 3 replicas + 1 surge = 4", "allotment 15 / 4 = 3")
			.contains("Lower pool.database.max-size to 3 or less, give the fleet a larger budget, or set "
					+ "pool.database.budget.on-exceed=clamp to have the size cut.");
	}

	@Test
	void explicitSizeOfHikariAboveTheAllotmentIsNamedByItsKey(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("pool.replicas=3", "spring.datasource.hikari.maximum-pool-size=30",
				"pool.database.budget.on-exceed=fail"));
		assertThat(output)
			.contains("spring.datasource.hikari.maximum-pool-size is 30, but the budget allots 3 connections");
	}

	@Test
	void sizeOfAProfileAboveTheAllotmentIsCut() {
		try (ConfigurableApplicationContext context = run("pool.replicas=3", "pool.database.budget.on-exceed=fail")) {
			assertThat(report(context).target()).isEqualTo(PoolSize.of(3, 3));
			assertThat(report(context).status()).isEqualTo(PoolStatus.HEALTHY);
		}
	}

	@Test
	void explicitSizeAboveTheAllotmentIsCutUnlessAsked() {
		try (ConfigurableApplicationContext context = run("pool.replicas=3", "pool.database.max-size=30")) {
			assertThat(report(context).target()).isEqualTo(PoolSize.of(3, 3));
			assertThat(report(context).reasons()).contains("pool.database.max-size 30", "max-size 30 cut to 3");
		}
	}

	@Test
	void poolThatComesAfterTheStartStopsNothing(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("pool.replicas=50", "spring.main.lazy-initialization=true",
				"management.health.db.enabled=false")) {
			context.getBean(DataSource.class);
			assertThat(report(context).target()).isEqualTo(PoolSize.of(0, 1));
			assertThat(report(context).status()).isEqualTo(PoolStatus.OVERCOMMITTED);
			assertThat(output).contains("Each pool keeps 1 connection.");
		}
	}

	private static PoolReport report(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return TestApplication.automatic()
			.with("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "pool.profile=prod")
			.with(properties)
			.run();
	}

}
