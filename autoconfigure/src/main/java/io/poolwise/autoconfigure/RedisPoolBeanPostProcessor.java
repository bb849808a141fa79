package io.poolwise.autoconfigure;

import java.util.IdentityHashMap;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Puts a governed connection factory in the place of each
 * {@link LettuceConnectionFactory}. Spring keeps the original for the destruction, which
 * is when the governed one is destroyed.
 */
final class RedisPoolBeanPostProcessor implements DestructionAwareBeanPostProcessor, PriorityOrdered {

	private final ObjectProvider<RedisPoolFactory> factory;

	private final ObjectProvider<PoolGovernor> governor;

	private final ObjectProvider<LettuceFactories> factories;

	private final IdentityHashMap<Object, GovernedLettuceConnectionFactory> governed = new IdentityHashMap<>();

	RedisPoolBeanPostProcessor(ObjectProvider<RedisPoolFactory> factory, ObjectProvider<PoolGovernor> governor,
			ObjectProvider<LettuceFactories> factories) {
		this.factory = factory;
		this.governor = governor;
		this.factories = factories;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (!(bean instanceof LettuceConnectionFactory original)
				|| this.factories.getObject().whyUngoverned(original) != null) {
			return bean;
		}
		GovernedLettuceConnectionFactory replacement = this.factory.getObject().create(beanName, original);
		this.factories.getObject().customize(beanName, replacement);
		synchronized (this.governed) {
			this.governed.put(bean, replacement);
		}
		return replacement;
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		GovernedLettuceConnectionFactory replacement;
		synchronized (this.governed) {
			replacement = this.governed.remove(bean);
		}
		if (replacement != null) {
			replacement.destroy();
			this.governor.ifAvailable((governor) -> governor.dismiss(beanName));
		}
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		synchronized (this.governed) {
			return this.governed.containsKey(bean);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
