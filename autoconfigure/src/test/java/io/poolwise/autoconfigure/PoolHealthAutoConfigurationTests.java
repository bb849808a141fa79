package io.poolwise.autoconfigure;

import java.sql.SQLException;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.actuate.PoolHealthContributor;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolHealthAutoConfiguration}, beside the one of Spring Boot that it
 * replaces.
 */
class PoolHealthAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, HikariPoolAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DataSourceHealthContributorAutoConfiguration.class,
				PoolHealthAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:health");

	@Test
	void governedPoolAnswersForItself() {
		this.runner.run((context) -> {
			assertThat(context).getBeanNames(HealthContributor.class).containsExactly("dbHealthContributor");
			assertThat(parts(context)).containsExactly("primary");
			assertThat(part(context, "primary").health().getStatus()).isEqualTo(Status.UP);
			assertThat(part(context, "primary").health().getDetails()).containsKeys("size", "max_size", "server");
		});
	}

	@Test
	void lazyConnectionsDoNotHideThePool() {
		this.runner.withPropertyValues("spring.datasource.connection-fetch=lazy")
			.run((context) -> assertThat(parts(context)).containsExactly("primary"));
	}

	@Test
	void everyPoolHasAPart() {
		this.runner.withUserConfiguration(TwoPools.class)
			.run((context) -> assertThat(parts(context)).containsExactlyInAnyOrder("primary", "archive"));
	}

	@Test
	void dataSourcesThatAreNotGovernedKeepTheStockIndicator() {
		this.runner.withUserConfiguration(TwoPools.class, Legacy.class).run((context) -> {
			assertThat(parts(context)).containsExactlyInAnyOrder("primary", "archive", "legacy", "started");
			assertThat(part(context, "legacy")).isInstanceOf(DataSourceHealthIndicator.class);
			assertThat(part(context, "started")).isInstanceOf(DataSourceHealthIndicator.class);
			assertThat(part(context, "legacy").health().getDetails()).containsEntry("database", "H2");
		});
	}

	@Test
	void withNothingGovernedHealthIsAsItWas() {
		this.runner.withBean("legacy", DataSource.class, Legacy::h2)
			.run((context) -> assertThat(context).getBean("dbHealthContributor")
				.isInstanceOf(DataSourceHealthIndicator.class));
	}

	@Test
	void routingDataSourceHasAPartForEachTarget() throws SQLException {
		this.runner.withUserConfiguration(TwoPools.class, Routing.class).run((context) -> {
			assertThat(parts(context)).containsExactlyInAnyOrder("primary", "archive", "routing");
			CompositeHealthContributor routing = (CompositeHealthContributor) contributor(context, "routing");
			assertThat(routing.stream()).extracting(HealthContributors.Entry::name)
				.containsExactlyInAnyOrder("here", "there");
			assertThat(routing.getContributor("there")).isInstanceOf(DataSourceHealthIndicator.class);
			assertThat(((HealthIndicator) routing.getContributor("here")).health().getDetails()).containsKey("server");
		});
	}

	@Test
	void routingDataSourcesCanBeIgnored() {
		this.runner.withUserConfiguration(TwoPools.class, Routing.class)
			.withPropertyValues("management.health.db.ignore-routing-data-sources=true")
			.run((context) -> assertThat(parts(context)).containsExactlyInAnyOrder("primary", "archive"));
	}

	@Test
	void switchedOffThereIsNoHealthOfTheDatabase() {
		this.runner.withPropertyValues("management.health.db.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
	}

	@Test
	void withPoolsSwitchedOffTheStockIndicatorIsThere() {
		this.runner.withPropertyValues("pool.enabled=false")
			.run((context) -> assertThat(context).getBean("dbHealthContributor")
				.isInstanceOf(DataSourceHealthIndicator.class));
	}

	@Test
	void inADryRunTheStockIndicatorIsThere() {
		this.runner.withPropertyValues("pool.dry-run=true")
			.run((context) -> assertThat(context).getBean("dbHealthContributor")
				.isInstanceOf(DataSourceHealthIndicator.class));
	}

	@Test
	void withoutHikariTheStockIndicatorIsThere() {
		this.runner.withClassLoader(new FilteredClassLoader(HikariDataSource.class))
			.withBean("legacy", DataSource.class, Legacy::h2)
			.run((context) -> assertThat(context).doesNotHaveBean(PoolHealthAutoConfiguration.class)
				.getBean("dbHealthContributor")
				.isInstanceOf(DataSourceHealthIndicator.class));
	}

	@Test
	void withoutBootsHealthThereIsNothing() {
		new ApplicationContextRunner().withClassLoader(new FilteredClassLoader(HealthContributor.class))
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, HikariPoolAutoConfiguration.class,
					DataSourceAutoConfiguration.class, PoolHealthAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(DataSource.class)
				.doesNotHaveBean("dbHealthContributor"));
	}

	@Test
	void healthOfTheApplicationWins() {
		HealthIndicator own = () -> Health.up().build();
		for (String name : new String[] { "dbHealthIndicator", "dbHealthContributor" }) {
			this.runner.withBean(name, HealthContributor.class, () -> own)
				.run((context) -> assertThat(context).getBean(HealthContributor.class).isSameAs(own));
		}
	}

	private static Iterable<String> parts(AssertableApplicationContext context) {
		return context.getBean("dbHealthContributor", PoolHealthContributor.class)
			.stream()
			.map(HealthContributors.Entry::name)
			.toList();
	}

	private static HealthIndicator part(AssertableApplicationContext context, String name) {
		return (HealthIndicator) contributor(context, name);
	}

	private static HealthContributor contributor(AssertableApplicationContext context, String name) {
		return context.getBean("dbHealthContributor", PoolHealthContributor.class).getContributor(name);
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		@Primary
		HikariDataSource orders() {
			return pool("orders");
		}

		@Bean
		HikariDataSource archive() {
			return pool("archive");
		}

		private static HikariDataSource pool(String database) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl("jdbc:h2:mem:" + database);
			return pool;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Legacy {

		@Bean
		DataSource legacy() {
			return h2();
		}

		@Bean
		DataSource started() throws SQLException {
			HikariDataSource pool = TwoPools.pool("started");
			pool.getConnection().close();
			return pool;
		}

		static DataSource h2() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setURL("jdbc:h2:mem:legacy");
			return dataSource;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Routing {

		// wrapped, as a library that observes statements would do
		@Bean
		DataSource routing(HikariDataSource orders) {
			AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return "here";
				}

			};
			routing.setTargetDataSources(Map.of("here", orders, "there", Legacy.h2()));
			routing.afterPropertiesSet();
			return new DelegatingDataSource(routing);
		}

	}

}
