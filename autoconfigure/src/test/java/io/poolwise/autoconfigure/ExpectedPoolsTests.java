package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolStatus;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests of what a pool gets while others are announced that may or may not share its
 * server.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExpectedPoolsTests {

	@Test
	void announcedBeanThatTurnsOutToBeNoPoolStopsNoExplicitSize() {
		try (ConfigurableApplicationContext context = run(PoolAndView.class, "pool.database.budget.limit=10",
				"pool.database.max-size=8", "pool.database.budget.on-exceed=fail")) {
			PoolReport report = context.getBean(PoolGovernor.class).pool("orders").orElseThrow();
			assertThat(report.target()).isEqualTo(PoolSize.of(5, 8));
		}
	}

	@Test
	void announcedBeanThatTurnsOutToBeNoPoolMakesNoBudgetTooSmall() {
		try (ConfigurableApplicationContext context = run(PoolAndView.class, "pool.database.budget.limit=1",
				"pool.database.budget.reserve=0")) {
			PoolReport report = context.getBean(PoolGovernor.class).pool("orders").orElseThrow();
			assertThat(report.target()).isEqualTo(PoolSize.of(1, 1));
			assertThat(report.status()).isEqualTo(PoolStatus.HEALTHY);
		}
	}

	@Test
	void poolsThatDoShareTheServerStopTheStart(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run(TwoPools.class, "pool.database.budget.limit=1", "pool.database.budget.reserve=0"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(
					"an allotment of 1 connection an instance for 2 pools (orders, reports), which need at least 1 each")
			.doesNotContain("Destruction of bean");
	}

	@Test
	void explicitSizesThatTogetherExceedTheAllotmentStopTheStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(TwoPools.class, "pool.database.budget.limit=10",
				"pool.database.max-size=8", "pool.database.budget.on-exceed=fail"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("pool.database.max-size is 8, but the budget allots")
			.doesNotContain("Destruction of bean");
	}

	@Test
	void poolThatComesFirstLeavesRoomForTheNext() {
		try (ConfigurableApplicationContext context = run(TwoPools.class, "pool.database.budget.limit=20",
				"pool.database.pools.reports.max-size=10")) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.decisions().get(0).to().max()).isEqualTo(12);
			assertThat(governor.pool("orders").orElseThrow().target().max()).isEqualTo(12);
			assertThat(governor.pool("reports").orElseThrow().target().max()).isEqualTo(6);
		}
	}

	@Test
	void smallestBudgetThatIsSaidForAPoolOfAServerIsThatOfAll() {
		for (String own : new String[] { "pool.database.pools.reports.budget.limit=10",
				"pool.database.pools.orders.budget.limit=10", "pool.database.pools.reports.budget.reserve=31",
				"pool.database.pools.orders.budget.share=0.25" }) {
			try (ConfigurableApplicationContext context = run(TwoPools.class, "pool.database.budget.limit=40",
					"pool.database.budget.reserve=0", own)) {
				PoolGovernor governor = context.getBean(PoolGovernor.class);
				int sum = governor.pools().stream().mapToInt((pool) -> pool.target().max()).sum();
				assertThat(sum).as(own).isEqualTo(own.endsWith("31") ? 9 : 10);
			}
		}
	}

	private static ConfigurableApplicationContext run(Class<?> configuration, String... properties) {
		return TestApplication.automatic(configuration).with("pool.profile=dev").with(properties).run();
	}

	private static HikariDataSource h2(String name) {
		return DataSourceBuilder.create().type(HikariDataSource.class).url("jdbc:h2:mem:" + name).build();
	}

	@Configuration(proxyBeanMethods = false)
	static class PoolAndView {

		@Bean
		HikariDataSource orders() {
			return h2("view");
		}

		@Bean
		@Primary
		DataSource view(HikariDataSource orders) {
			return new DelegatingDataSource(orders);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		HikariDataSource orders() {
			return h2("two");
		}

		@Bean
		HikariDataSource reports() {
			return h2("two");
		}

	}

}
