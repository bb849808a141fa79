package io.poolwise.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.poolwise.actuate.FleetMeters;
import io.poolwise.actuate.HikariUsageMeter;
import io.poolwise.actuate.PoolMeters;
import io.poolwise.actuate.UsageMeter;
import io.poolwise.governor.PoolGovernor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the meters {@code pool.*}.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean({ PoolGovernor.class, MeterRegistry.class })
public final class PoolMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PoolMeters poolMeters(PoolGovernor governor) {
		return new PoolMeters(governor);
	}

	@Bean
	@ConditionalOnMissingBean
	UsageMeter poolUsageMeter(PoolGovernor governor, MeterRegistry registry) {
		return new HikariUsageMeter(governor, registry);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(PoolKeys.class)
	FleetMeters poolFleetMeters(PoolGovernor governor, PoolKeys keys) {
		return new FleetMeters(governor, keys.profile());
	}

}
