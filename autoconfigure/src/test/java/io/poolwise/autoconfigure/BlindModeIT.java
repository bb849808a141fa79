package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools of applications that don't say how many they are, and don't lease.
 */
@ExtendWith(OutputCaptureExtension.class)
class BlindModeIT {

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
	void poolStaysAtBootsTenAndOneWarningNamesTheKey(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(10, 10));
			assertThat(report(context, "primary").reasons()).contains(
					"pool.replicas is not set, so the number of instances is not known: at most 10 instead of 50");
			assertThat(context.getBean(PoolGovernor.class).fleet().mode()).isEqualTo(FleetMode.BLIND);
		}
		assertThat(warnings(output)).singleElement().asString().contains("pool.replicas");
	}

	@Test
	void oneWarningIsEnoughForSeveralPools(CapturedOutput output) {
		try (ConfigurableApplicationContext context = TestApplication.automatic(TwoPools.class)
			.with("pool.profile=prod", "pool.leases.mode=off")
			.run()) {
			assertThat(report(context, "primary").target().max() + report(context, "reports").target().max())
				.isEqualTo(15);
		}
		assertThat(warnings(output)).singleElement().asString().contains("pool.replicas");
	}

	// 20 - 3 = 17, less 10 % = 15
	@Test
	void explicitSizeIsKeptAsFarAsOneInstanceMayGo() throws SQLException {
		try (ConfigurableApplicationContext context = run("pool.database.max-size=13")) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(10, 13));
		}
		try (ConfigurableApplicationContext context = run("spring.datasource.hikari.maximum-pool-size=12",
				"pool.database.min-size=2")) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(2, 12));
		}
		try (ConfigurableApplicationContext context = run("pool.database.max-size=18",
				"pool.database.acquire-timeout=500ms")) {
			PoolReport report = report(context, "primary");
			assertThat(report.target()).isEqualTo(PoolSize.of(10, 15));
			assertThat(report.allotment()).isEqualTo(15);
			assertThat(report.peak()).isOne();
			assertThat(report.reasons()).contains("max-size 18 cut to 15");
			assertThat(mostThatCanBeBorrowed(context.getBean(DataSource.class), 18)).isEqualTo(15);
		}
	}

	@Test
	void explicitSizeAboveTheAllotmentStopsNothing() {
		try (ConfigurableApplicationContext context = run("pool.database.max-size=18",
				"pool.database.budget.on-exceed=fail")) {
			assertThat(report(context, "primary").target().max()).isEqualTo(15);
		}
	}

	@Test
	void toldTheNumberOfInstancesItIsBlindNoMore(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("pool.replicas=2", "pool.max-surge=0")) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(7, 7));
		}
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void databaseWithoutALimitNeedsNoWarning(CapturedOutput output) {
		try (ConfigurableApplicationContext context = TestApplication.onH2().with("pool.profile=prod").run()) {
			assertThat(report(context, "primary").target()).isEqualTo(PoolSize.of(10, 50));
		}
		assertThat(warnings(output)).isEmpty();
		assertThat(output).contains("H2 has no connection limit that is known here");
	}

	private static int mostThatCanBeBorrowed(DataSource pool, int tries) throws SQLException {
		List<Connection> borrowed = new ArrayList<>();
		try {
			while (borrowed.size() < tries) {
				borrowed.add(pool.getConnection());
			}
		}
		catch (SQLException ex) {
			assertThat(ex.getMessage()).contains("request timed out");
		}
		for (Connection connection : borrowed) {
			connection.close();
		}
		return borrowed.size();
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains(" WARN ") && !line.contains("time zone"))
			.toList();
	}

	private static PoolReport report(ConfigurableApplicationContext context, String name) {
		return context.getBean(PoolGovernor.class).pool(name).orElseThrow();
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return TestApplication.automatic()
			.with("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "pool.profile=prod", "pool.leases.mode=off")
			.with(properties)
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		@Primary
		HikariDataSource orders() {
			return pool();
		}

		@Bean
		HikariDataSource reports() {
			return pool();
		}

		private static HikariDataSource pool() {
			return DataSourceBuilder.create()
				.type(HikariDataSource.class)
				.url(server.jdbcUrl())
				.username(server.username())
				.password(server.password())
				.build();
		}

	}

}
