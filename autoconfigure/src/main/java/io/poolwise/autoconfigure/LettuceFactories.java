package io.poolwise.autoconfigure;

import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * Which of an application's connection factories can be replaced, and what a replacement
 * must be given because the original doesn't tell it.
 */
class LettuceFactories {

	private static final String POOL_ENABLED = "spring.data.redis.lettuce.pool.enabled";

	/**
	 * Spring Boot's name for its factory where threads are virtual.
	 */
	private static final String ON_VIRTUAL_THREADS = "redisConnectionFactoryVirtualThreads";

	private static final String BOOT = "org.springframework.boot.data.redis.autoconfigure.LettuceConnectionConfiguration";

	private final ConfigurableListableBeanFactory beans;

	private final PoolKeys keys;

	private final Environment environment;

	LettuceFactories(ConfigurableListableBeanFactory beans, PoolKeys keys, Environment environment) {
		this.beans = beans;
		this.keys = keys;
		this.environment = environment;
	}

	/**
	 * Why a factory is left alone.
	 * @return {@code null} if it isn't
	 */
	@Nullable String whyUngoverned(String beanName, LettuceConnectionFactory factory) {
		boolean pooled = factory.getClientConfiguration() instanceof LettucePoolingClientConfiguration;
		boolean refused = this.keys.explicit(POOL_ENABLED, Boolean.class)
			.map(Setting::value)
			.filter(Boolean.FALSE::equals)
			.isPresent();
		if (!pooled && refused) {
			return POOL_ENABLED + " is false";
		}
		if (factory.isClusterAware() && !isMadeByBoot(beanName)) {
			return "it is a cluster's and not Spring Boot's own, and doesn't tell the executor that it may have been given";
		}
		return GovernedLettuceConnectionFactory.whyNotReplaceable(factory);
	}

	private boolean isMadeByBoot(String beanName) {
		return this.beans.containsBeanDefinition(beanName)
				&& BOOT.equals(this.beans.getMergedBeanDefinition(beanName).getFactoryBeanName());
	}

	/**
	 * Gives Spring Boot's own factory on virtual threads what Spring Boot gave the
	 * original.
	 */
	void customize(String beanName, GovernedLettuceConnectionFactory replacement) {
		if (beanName.equals(ON_VIRTUAL_THREADS) && Threading.VIRTUAL.isActive(this.environment)) {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("redis-");
			executor.setVirtualThreads(true);
			replacement.setExecutor(executor);
		}
	}

}
