package io.poolwise.autoconfigure;

import java.lang.reflect.Method;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.rabbit.RabbitManagedPool;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Sizes and counts each {@link CachingConnectionFactory} bean, which stays the bean.
 */
final class RabbitPoolBeanPostProcessor extends PoolBeanPostProcessor {

	private static final String BOOT = "org.springframework.boot.";

	private final ObjectProvider<RabbitPoolFactory> factory;

	private final boolean dryRun;

	RabbitPoolBeanPostProcessor(ApplicationContext context, ObjectProvider<RabbitPoolFactory> factory,
			ObjectProvider<PoolGovernor> governor, boolean dryRun) {
		super(context, governor);
		this.factory = factory;
		this.dryRun = dryRun;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean.getClass() == CachingConnectionFactory.class && !RabbitPoolFactory.isConnectionCache(bean)) {
			RabbitManagedPool pool = this.factory.getObject()
				.create(beanName, (CachingConnectionFactory) bean, isBoots(beanName), this.dryRun);
			atDestruction(bean, beanName, () -> this.factory.ifAvailable((factory) -> factory.forget(pool)));
		}
		return bean;
	}

	/**
	 * Whether Boot made the bean, from keys alone.
	 */
	private boolean isBoots(String beanName) {
		ConfigurableListableBeanFactory beans = ((ConfigurableApplicationContext) context()).getBeanFactory();
		if (!beans.containsBeanDefinition(beanName)
				|| !(beans.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition)) {
			return false;
		}
		Method method = definition.getResolvedFactoryMethod();
		return method != null && method.getDeclaringClass().getName().startsWith(BOOT);
	}

}
