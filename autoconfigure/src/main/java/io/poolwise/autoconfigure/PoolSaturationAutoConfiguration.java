package io.poolwise.autoconfigure;

import java.util.Objects;

import io.poolwise.actuate.SaturationHealthIndicator;
import io.poolwise.actuate.SaturationInReadiness;
import io.poolwise.governor.PoolGovernor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of what a lasting saturation does to
 * readiness, where {@code pool.health.saturation-grace} asks for it.
 */
@AutoConfiguration(afterName = { "io.poolwise.autoconfigure.PoolAutoConfiguration",
		"org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration" })
@ConditionalOnClass({ HealthIndicator.class, HealthEndpointGroupsPostProcessor.class })
@ConditionalOnBean(PoolGovernor.class)
@ConditionalOnProperty("pool.health.saturation-grace")
@EnableConfigurationProperties(PoolHealthProperties.class)
final class PoolSaturationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "poolSaturationHealthIndicator")
	SaturationHealthIndicator poolSaturationHealthIndicator(PoolGovernor governor, PoolHealthProperties properties) {
		return new SaturationHealthIndicator(governor, Objects.requireNonNull(properties.saturationGrace()));
	}

	@Bean
	@ConditionalOnMissingBean
	SaturationInReadiness poolSaturationInReadiness() {
		return new SaturationInReadiness("poolSaturation");
	}

}
