package io.poolwise.autoconfigure;

import java.util.function.Function;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.actuate.DatabaseHealth;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the health part {@code db}. Takes
 * the place of Spring Boot's own, which waits for the pool.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class,
		afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		beforeName = "org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration")
@ConditionalOnClass({ HikariDataSource.class, AbstractRoutingDataSource.class, HealthContributor.class,
		DataSourceHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ PoolGovernor.class, DataSource.class })
@ConditionalOnEnabledHealthIndicator("db")
@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
public final class PoolHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "dbHealthIndicator", "dbHealthContributor" })
	HealthContributor dbHealthContributor(PoolGovernor governor, ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<DataSourcePoolMetadataProvider> metadata, Environment environment) {
		Function<DataSource, @Nullable String> governedPool = PoolHealthAutoConfiguration::governedPool;
		return new DatabaseHealth(governor, governedPool,
				new CompositeDataSourcePoolMetadataProvider(metadata.orderedStream().toList()))
			.of(SimpleAutowireCandidateResolver.resolveAutowireCandidates(beanFactory, DataSource.class, false, true),
					environment.getProperty("management.health.db.ignore-routing-data-sources", Boolean.class, false));
	}

	private static @Nullable String governedPool(DataSource dataSource) {
		GovernedHikariDataSource governed = GovernedDataSources.governed(dataSource);
		return (governed != null) ? governed.managedPool().name() : null;
	}

}
