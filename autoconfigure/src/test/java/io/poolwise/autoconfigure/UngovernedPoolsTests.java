package io.poolwise.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the pools that are listed and not sized. None of them connects.
 */
class UngovernedPoolsTests {

	private static final String UNREACHABLE = "r2dbc:postgresql://app:s3cret@127.0.0.1:1/orders";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, HikariPoolAutoConfiguration.class,
				R2dbcPoolAutoConfiguration.class))
		.withPropertyValues("pool.database.max-size=40", "pool.database.min-size=0", "pool.database.budget.limit=40",
				"pool.database.budget.reserve=0", "pool.replicas=1", "pool.max-surge=0");

	@Test
	void r2dbcPoolIsListedAndSubtracted() {
		this.runner.withUserConfiguration(Database.class, R2dbcPool.class).run((context) -> {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.ungoverned()).singleElement().satisfies((pool) -> {
				assertThat(pool.name()).isEqualTo("reactive");
				assertThat(pool.connections()).isEqualTo(7);
				assertThat(pool.why()).isEqualTo("it is a ConnectionPool of R2DBC");
			});
			PoolReport report = governor.pool("primary").orElseThrow();
			assertThat(report.allotment()).isEqualTo(33);
			assertThat(report.target().max()).isEqualTo(33);
			assertThat(report.reasons()).anyMatch((reason) -> reason.contains("7") && reason.contains("ungoverned"));
		});
	}

	@Test
	void r2dbcFactoryWithoutAPoolIsListedWithoutABound() {
		this.runner.withUserConfiguration(Database.class, R2dbcFactory.class).run((context) -> {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.ungoverned()).extracting(UngovernedPool::name).containsExactly("reactive");
			assertThat(governor.ungoverned()).extracting(UngovernedPool::connections).containsOnlyNulls();
			assertThat(governor.pool("primary").orElseThrow().allotment()).isEqualTo(40);
		});
	}

	@Test
	void r2dbcPoolDoesNotCountOnRedis() {
		this.runner.withUserConfiguration(R2dbcPool.class)
			.run((context) -> assertThat(context.getBean(PoolGovernor.class).ungoverned()).singleElement()
				.satisfies((pool) -> {
					assertThat(pool.countsOn(PoolKind.DATABASE, "any")).isTrue();
					assertThat(pool.countsOn(PoolKind.REDIS, "any")).isFalse();
				}));
	}

	@Test
	void librariesThatAreNotThereAreNotMissed() {
		this.runner.withUserConfiguration(Database.class)
			.withClassLoader(new FilteredClassLoader("io.r2dbc"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(R2dbcPoolAutoConfiguration.class)
				.hasSingleBean(PoolGovernor.class));
	}

	@Test
	void aDryRunListsNothingOfR2dbc() {
		this.runner.withUserConfiguration(Database.class, R2dbcPool.class)
			.withPropertyValues("pool.dry-run=true")
			.run((context) -> assertThat(context.getBean(PoolGovernor.class).ungoverned()).isEmpty());
	}

	@Test
	void switchedOffItListsNothing() {
		this.runner.withUserConfiguration(Database.class, R2dbcPool.class)
			.withPropertyValues("pool.database.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(UngovernedR2dbcFactories.class));
	}

	@Test
	void sourceOfXaConnectionsIsListedWithoutABound() {
		this.runner.withUserConfiguration(Database.class, Xa.class).run((context) -> {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.ungoverned()).singleElement().satisfies((pool) -> {
				assertThat(pool.name()).isEqualTo("ledger");
				assertThat(pool.connections()).isNull();
				assertThat(pool.why()).isEqualTo("it is a PGXADataSource, which opens XA connections");
			});
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Database {

		@Bean
		HikariDataSource dataSource() {
			return DataSourceBuilder.create().type(HikariDataSource.class).url("jdbc:h2:mem:ungoverned").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class R2dbcPool {

		@Bean(destroyMethod = "dispose")
		ConnectionPool reactive() {
			return new ConnectionPool(ConnectionPoolConfiguration.builder(ConnectionFactories.get(UNREACHABLE))
				.initialSize(0)
				.maxSize(7)
				.build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class R2dbcFactory {

		@Bean
		ConnectionFactory reactive() {
			return ConnectionFactories.get(UNREACHABLE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Xa {

		@Bean
		PGXADataSource ledger() {
			return new PGXADataSource();
		}

	}

}
