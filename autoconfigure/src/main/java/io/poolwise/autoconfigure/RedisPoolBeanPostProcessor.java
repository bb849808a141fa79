package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Puts a governed connection factory in the place of each
 * {@link LettuceConnectionFactory}.
 */
final class RedisPoolBeanPostProcessor extends PoolBeanPostProcessor {

	private final ObjectProvider<RedisPoolFactory> factory;

	private final ObjectProvider<LettuceFactories> factories;

	private final boolean dryRun;

	RedisPoolBeanPostProcessor(ApplicationContext context, ObjectProvider<RedisPoolFactory> factory,
			ObjectProvider<PoolGovernor> governor, ObjectProvider<LettuceFactories> factories, boolean dryRun) {
		super(context, governor);
		this.factory = factory;
		this.factories = factories;
		this.dryRun = dryRun;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (this.dryRun || !(bean instanceof LettuceConnectionFactory original) || isLeftAlone(beanName, original)) {
			return bean;
		}
		String name = poolName(beanName);
		GovernedLettuceConnectionFactory replacement = this.factory.getObject().create(name, original);
		this.factories.getObject().customize(beanName, replacement);
		atDestruction(bean, name, replacement::destroy);
		return replacement;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (this.dryRun && bean instanceof LettuceConnectionFactory factory && !(bean instanceof ScopedObject)
				&& factory.isRunning() && !isLeftAlone(beanName, factory)) {
			String name = poolName(beanName);
			this.factory.getObject().observe(name, factory);
			atDestruction(bean, name, () -> {
			});
		}
		return bean;
	}

	/**
	 * The bean's name; behind a scoped proxy that of the proxy, which is the one that the
	 * application knows.
	 */
	private String poolName(String bean) {
		String name = ScopedProxyUtils.isScopedTarget(bean) ? ScopedProxyUtils.getOriginalBeanName(bean) : bean;
		return freeName(name, name);
	}

	private boolean isLeftAlone(String beanName, LettuceConnectionFactory factory) {
		return factory instanceof GovernedLettuceConnectionFactory
				|| this.factories.getObject().whyUngoverned(beanName, factory) != null;
	}

}
