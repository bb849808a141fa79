package io.poolwise.autoconfigure;

import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * Which of an application's connection factories can be replaced, and what a replacement
 * must be given because the original doesn't tell it.
 */
final class LettuceFactories {

	private static final String POOL_ENABLED = "spring.data.redis.lettuce.pool.enabled";

	/**
	 * Spring Boot's name for its factory where threads are virtual.
	 */
	private static final String ON_VIRTUAL_THREADS = "redisConnectionFactoryVirtualThreads";

	private final PoolKeys keys;

	private final Environment environment;

	LettuceFactories(PoolKeys keys, Environment environment) {
		this.keys = keys;
		this.environment = environment;
	}

	/**
	 * Why a factory is left alone.
	 * @return {@code null} if it isn't
	 */
	@Nullable String whyUngoverned(LettuceConnectionFactory factory) {
		boolean pooled = factory.getClientConfiguration() instanceof LettucePoolingClientConfiguration;
		boolean refused = this.keys.explicit(POOL_ENABLED, Boolean.class)
			.map(Setting::value)
			.filter(Boolean.FALSE::equals)
			.isPresent();
		if (!pooled && refused) {
			return POOL_ENABLED + " is false";
		}
		return GovernedLettuceConnectionFactory.whyNotReplaceable(factory);
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
