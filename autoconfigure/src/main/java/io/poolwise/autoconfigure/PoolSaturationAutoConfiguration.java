package io.poolwise.autoconfigure;

import java.time.Duration;
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
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of what a lasting saturation does to
 * readiness, where {@code pool.health.saturation-grace} asks for it.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class,
		afterName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration")
@ConditionalOnClass({ HealthIndicator.class, HealthEndpointGroupsPostProcessor.class })
@ConditionalOnBean({ PoolGovernor.class, PoolProperties.class })
@ConditionalOnProperty(PoolSaturationAutoConfiguration.GRACE)
public final class PoolSaturationAutoConfiguration {

	static final String GRACE = "pool.health.saturation-grace";

	@Bean
	@ConditionalOnMissingBean(name = "poolSaturationHealthIndicator")
	SaturationHealthIndicator poolSaturationHealthIndicator(PoolGovernor governor, PoolProperties properties) {
		Duration grace = Objects.requireNonNull(properties.health().saturationGrace());
		if (grace.isZero() || grace.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(GRACE, grace,
					"It must be above zero. Leave it unset to keep saturated instances ready.");
		}
		return new SaturationHealthIndicator(governor, grace);
	}

	@Bean
	@ConditionalOnMissingBean
	SaturationInReadiness poolSaturationInReadiness() {
		return new SaturationInReadiness("poolSaturation");
	}

}
