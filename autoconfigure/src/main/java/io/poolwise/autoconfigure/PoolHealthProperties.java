package io.poolwise.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How pools bear on health.
 *
 * @param saturationGrace how long a pool may be saturated before the instance is no
 * longer ready; unset for ever, since taking busy instances out makes the others busier
 */
@ConfigurationProperties("pool.health")
record PoolHealthProperties(@Nullable Duration saturationGrace) {

	PoolHealthProperties {
		if (saturationGrace != null && (saturationGrace.isZero() || saturationGrace.isNegative())) {
			throw new IllegalArgumentException(
					"pool.health.saturation-grace must be above zero, but was " + saturationGrace);
		}
	}

}
