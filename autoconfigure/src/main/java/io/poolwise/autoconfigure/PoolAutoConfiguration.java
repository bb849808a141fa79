package io.poolwise.autoconfigure;

import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;

import io.poolwise.governor.ExpectedPools;
import io.poolwise.governor.FleetLeases;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.governor.PoolGovernor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Auto-configuration of what every kind of pool needs: the keys and the governor.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "pool.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PoolProperties.class)
public final class PoolAutoConfiguration {

	@Bean
	PoolKeys poolKeys(ConfigurableEnvironment environment) {
		return new PoolKeys(environment);
	}

	@Bean
	@ConditionalOnMissingBean
	FleetPolicy poolFleetPolicy(PoolKeys keys, PoolProperties properties) {
		return FleetPolicies.of(keys, properties);
	}

	@Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
	ScheduledExecutorService poolExecutor() {
		return PoolExecutor.create();
	}

	@Bean
	@ConditionalOnMissingBean
	PoolGovernor poolGovernor(FleetPolicy fleet, ObjectProvider<FleetLeases> leases,
			ObjectProvider<ExpectedPools> expected, @Qualifier("poolExecutor") ScheduledExecutorService executor) {
		return new PoolGovernor(fleet, leases.getIfAvailable(() -> FleetLeases.NONE), (kind,
				present) -> expected.orderedStream().flatMap((pools) -> pools.besides(kind, present).stream()).toList(),
				executor, Clock.systemUTC());
	}

	@Bean
	PoolLifecycle poolLifecycle(ConfigurableApplicationContext context, PoolGovernor governor) {
		return new PoolLifecycle(context, governor);
	}

	@Bean
	@Lazy(false)
	SmartInitializingSingleton poolSettlement(PoolGovernor governor) {
		return governor::settle;
	}

}
