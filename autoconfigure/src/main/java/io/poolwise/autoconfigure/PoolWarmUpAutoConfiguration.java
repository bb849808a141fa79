package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolWarmUp;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that fills pools before the
 * application is ready: Spring Boot accepts traffic once all runners are through.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnBean({ PoolGovernor.class, PoolKeys.class })
@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
public final class PoolWarmUpAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PoolWarmUp poolWarmUp(PoolGovernor governor, PoolKeys keys) {
		return new PoolWarmUp(governor, new WarmUpKeys(keys)::of);
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ApplicationRunner poolWarmUpRunner(PoolWarmUp warmUp) {
		return (arguments) -> warmUp.run();
	}

}
