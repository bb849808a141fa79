package io.poolwise.autoconfigure;

import java.util.concurrent.Executor;

import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * Tells the governor of connection factories that are not governed, and what they can
 * open.
 */
final class UngovernedRedisFactories implements BeanPostProcessor, Ordered {

	/**
	 * Spring Data pools commands and subscriptions apart, and those of blocking and of
	 * reactive callers.
	 */
	private static final int POOLS_OF_A_FACTORY = 4;

	private final ObjectProvider<PoolGovernor> governor;

	private final ObjectProvider<LettuceFactories> factories;

	private final ObjectProvider<? extends Executor> executor;

	UngovernedRedisFactories(ObjectProvider<PoolGovernor> governor, ObjectProvider<LettuceFactories> factories,
			ObjectProvider<? extends Executor> executor) {
		this.governor = governor;
		this.factories = factories;
		this.executor = executor;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		boolean known = bean instanceof GovernedLettuceConnectionFactory || bean instanceof ScopedObject;
		if (bean instanceof RedisConnectionFactory factory && !known) {
			this.executor.getObject().execute(() -> acknowledge(beanName, factory));
		}
		return bean;
	}

	private void acknowledge(String name, RedisConnectionFactory factory) {
		ServerIdentity server = server(name, factory);
		this.governor.ifAvailable((governor) -> governor
			.acknowledge(new UngovernedPool(name, PoolKind.REDIS, server, connections(factory), why(name, factory))));
	}

	/**
	 * The server as governed pools know it; one of its own where it can't be asked.
	 */
	private static ServerIdentity server(String name, RedisConnectionFactory factory) {
		try (RedisConnection connection = factory.getConnection()) {
			var info = connection.serverCommands().info("server");
			String run = (info != null) ? info.getProperty("run_id") : null;
			if (run != null) {
				return new ServerIdentity("run " + run);
			}
		}
		catch (RuntimeException ex) {
			// down, or without the right: then it isn't known to be another pool's server
		}
		return new ServerIdentity("server of " + name);
	}

	private static @Nullable Integer connections(RedisConnectionFactory factory) {
		if (!(factory instanceof LettuceConnectionFactory lettuce)
				|| !(lettuce.getClientConfiguration() instanceof LettucePoolingClientConfiguration client)) {
			return null;
		}
		GenericObjectPoolConfig<?> pool = client.getPoolConfig();
		return (pool.getMaxTotal() >= 0) ? Math.multiplyExact(pool.getMaxTotal(), POOLS_OF_A_FACTORY) : null;
	}

	private String why(String name, RedisConnectionFactory factory) {
		String why = (factory instanceof LettuceConnectionFactory lettuce)
				? this.factories.getObject().whyUngoverned(name, lettuce) : null;
		return (why != null) ? why : "it is a " + factory.getClass().getSimpleName();
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
