package io.poolwise.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.poolwise.actuate.PoolHealthContributor;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.health.DataRedisHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the health part {@code redis}.
 * Takes the place of Spring Boot's own, which may wait for the pool.
 */
@AutoConfiguration(after = RedisPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		beforeName = {
				"org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration",
				"org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration" })
@ConditionalOnClass({ RedisConnectionFactory.class, DataRedisHealthIndicator.class,
		ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ RedisPoolFactory.class, RedisConnectionFactory.class })
@ConditionalOnEnabledHealthIndicator("redis")
@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
final class RedisHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "redisHealthIndicator", "redisHealthContributor" })
	HealthContributor redisHealthContributor(PoolGovernor governor, ConfigurableListableBeanFactory beans) {
		Map<String, HealthContributor> others = new LinkedHashMap<>();
		SimpleAutowireCandidateResolver.resolveAutowireCandidates(beans, RedisConnectionFactory.class, false, true)
			.forEach((name, factory) -> {
				if (!(factory instanceof GovernedLettuceConnectionFactory || factory instanceof ScopedObject)) {
					others.put(name, new DataRedisHealthIndicator(factory));
				}
			});
		return new PoolHealthContributor(governor, PoolKind.REDIS, others);
	}

}
