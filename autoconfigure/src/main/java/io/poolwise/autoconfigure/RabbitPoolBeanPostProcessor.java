package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.rabbit.RabbitManagedPool;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;

/**
 * Puts a governed factory in the place of each {@link CachingConnectionFactory} bean.
 */
final class RabbitPoolBeanPostProcessor extends PoolBeanPostProcessor {

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
		if (bean.getClass() != CachingConnectionFactory.class) {
			return bean;
		}
		CachingConnectionFactory original = (CachingConnectionFactory) bean;
		if (this.dryRun) {
			this.factory.getObject().observe(beanName, original);
			atDestruction(bean, beanName, () -> {
			});
			return bean;
		}
		RabbitManagedPool pool = this.factory.getObject().create(beanName, original);
		CachingConnectionFactory governed = pool.connectionFactory();
		// Spring has told the original before anybody could take its place
		governed.setBeanName(beanName);
		governed.setApplicationContext(context());
		governed.setApplicationEventPublisher(context());
		// else each event would come twice
		original.setApplicationEventPublisher((event) -> {
		});
		atDestruction(bean, beanName, () -> {
			governed.destroy();
			this.factory.ifAvailable((factory) -> factory.forget(pool));
		});
		return governed;
	}

}
