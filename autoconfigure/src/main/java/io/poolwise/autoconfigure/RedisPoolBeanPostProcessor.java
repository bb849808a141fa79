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

	private final boolean dryRun;

	private final IdentityHashMap<Object, Runnable> destructions = new IdentityHashMap<>();

	RedisPoolBeanPostProcessor(ObjectProvider<RedisPoolFactory> factory, ObjectProvider<PoolGovernor> governor,
			ObjectProvider<LettuceFactories> factories, boolean dryRun) {
		this.factory = factory;
		this.governor = governor;
		this.factories = factories;
		this.dryRun = dryRun;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (this.dryRun || !(bean instanceof LettuceConnectionFactory original) || isLeftAlone(original)) {
			return bean;
		}
		GovernedLettuceConnectionFactory replacement = this.factory.getObject().create(beanName, original);
		this.factories.getObject().customize(beanName, replacement);
		remember(bean, () -> {
			replacement.destroy();
			dismiss(beanName);
		});
		return replacement;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (this.dryRun && bean instanceof LettuceConnectionFactory factory && factory.isRunning()
				&& !isLeftAlone(factory)) {
			this.factory.getObject().observe(beanName, factory);
			remember(bean, () -> dismiss(beanName));
		}
		return bean;
	}

	private boolean isLeftAlone(LettuceConnectionFactory factory) {
		return factory instanceof GovernedLettuceConnectionFactory
				|| this.factories.getObject().whyUngoverned(factory) != null;
	}

	private void dismiss(String name) {
		this.governor.ifAvailable((governor) -> governor.dismiss(name));
	}

	private void remember(Object bean, Runnable destruction) {
		synchronized (this.destructions) {
			this.destructions.put(bean, destruction);
		}
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		Runnable destruction;
		synchronized (this.destructions) {
			destruction = this.destructions.remove(bean);
		}
		if (destruction != null) {
			destruction.run();
		}
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		synchronized (this.destructions) {
			return this.destructions.containsKey(bean);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
