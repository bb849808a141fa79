package io.poolwise.autoconfigure;

import java.util.concurrent.ScheduledExecutorService;

import io.poolwise.governor.PoolGovernor;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Auto-configuration that sizes pools of Redis connections.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class,
		beforeName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass({ LettuceConnectionFactory.class, GenericObjectPoolConfig.class,
		LettuceClientConfigurationBuilderCustomizer.class })
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.redis.enabled" }, matchIfMissing = true)
@ImportRuntimeHints(RedisRuntimeHints.class)
public final class RedisPoolAutoConfiguration {

	@Bean
	static RedisPoolBeanPostProcessor redisPoolBeanPostProcessor(ApplicationContext context,
			ObjectProvider<RedisPoolFactory> factory, ObjectProvider<PoolGovernor> governor,
			ObjectProvider<LettuceFactories> factories, Environment environment) {
		return new RedisPoolBeanPostProcessor(context, factory, governor, factories,
				environment.getProperty("pool.dry-run", Boolean.class, false));
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
	static UngovernedRedisFactories ungovernedRedisFactories(ObjectProvider<PoolGovernor> governor,
			ObjectProvider<LettuceFactories> factories,
			@Qualifier("poolExecutor") ObjectProvider<ScheduledExecutorService> executor) {
		return new UngovernedRedisFactories(governor, factories, executor);
	}

	@Bean
	RedisPoolFactory redisPoolFactory(PoolKeys keys, PoolGovernor governor,
			@Qualifier("poolExecutor") ScheduledExecutorService executor) {
		return new RedisPoolFactory(keys, governor, executor);
	}

	@Bean
	LettuceFactories lettuceFactories(ConfigurableListableBeanFactory beans, PoolKeys keys, Environment environment) {
		return new LettuceFactories(beans, keys, environment);
	}

	@Bean
	AnnouncedRedisPools announcedRedisPools(ConfigurableListableBeanFactory beans, PoolKeys keys) {
		return new AnnouncedRedisPools(beans, keys);
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
	RedisCommandTimeout redisCommandTimeout(PoolKeys keys) {
		return new RedisCommandTimeout(keys);
	}

}
