package io.poolwise.autoconfigure;

import java.util.concurrent.ScheduledExecutorService;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.fleet.LeasedServers;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.governor.PoolGovernor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration that sizes HikariCP pools.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnClass({ HikariDataSource.class, DataSourceUnwrapper.class })
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.database.enabled" }, matchIfMissing = true)
public final class HikariPoolAutoConfiguration {

	@Bean
	static HikariPoolBeanPostProcessor hikariPoolBeanPostProcessor(ApplicationContext context,
			ObjectProvider<HikariPoolFactory> factory, ObjectProvider<PoolGovernor> governor,
			ObjectProvider<DataSourceNames> names, Environment environment) {
		return new HikariPoolBeanPostProcessor(context, factory, governor, names,
				Binder.get(environment).bind("pool.dry-run", Boolean.class).orElse(false));
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
	static UngovernedPoolBeanPostProcessor ungovernedPoolBeanPostProcessor(
			ObjectProvider<UngovernedDataSources> ungoverned) {
		return new UngovernedPoolBeanPostProcessor(ungoverned);
	}

	@Bean
	UngovernedDataSources ungovernedDataSources(PoolGovernor governor,
			ObjectProvider<DataSourcePoolMetadataProvider> metadata) {
		return new UngovernedDataSources(governor, metadata.orderedStream().toList());
	}

	@Bean
	LeasedServers leasedServers(PoolKeys keys, PoolProperties properties,
			@Qualifier("poolExecutor") ScheduledExecutorService executor) {
		return new LeasedServers(LeaseKeys.options(keys, properties.leases()), executor);
	}

	@Bean
	LeaseServing leaseServing(ApplicationContext context, LeasedServers leases) {
		return new LeaseServing(context, leases::serve);
	}

	@Bean
	LeaseReadiness leaseReadiness(ApplicationContext context, LeasedServers leases) {
		LeaseReadiness readiness = new LeaseReadiness(context, leases::refusals);
		leases.onRefusal(readiness::changed);
		return readiness;
	}

	@Bean
	HikariPoolFactory hikariPoolFactory(PoolKeys keys, FleetPolicy fleet, PoolGovernor governor, LeasedServers leases,
			@Qualifier("poolExecutor") ScheduledExecutorService executor) {
		return new HikariPoolFactory(keys, governor, (fleet.mode() == FleetMode.LEASES) ? leases : null, executor);
	}

	@Bean
	DataSourceNames dataSourceNames(ConfigurableListableBeanFactory beans) {
		return new DataSourceNames(beans);
	}

	@Bean
	AnnouncedHikariPools announcedHikariPools(ConfigurableListableBeanFactory beans, DataSourceNames names,
			PoolKeys keys) {
		return new AnnouncedHikariPools(beans, names, keys);
	}

}
