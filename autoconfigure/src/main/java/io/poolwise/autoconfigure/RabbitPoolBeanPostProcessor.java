package io.poolwise.autoconfigure;

import java.util.IdentityHashMap;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.rabbit.RabbitManagedPool;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts a governed factory in the place of each {@link CachingConnectionFactory} bean.
 * Spring keeps the original for the destruction, which is when the governed one is
 * closed.
 */
final class RabbitPoolBeanPostProcessor implements DestructionAwareBeanPostProcessor, PriorityOrdered {

	private final ApplicationContext context;

	private final ObjectProvider<RabbitPoolFactory> factory;

	private final ObjectProvider<PoolGovernor> governor;

	private final boolean dryRun;

	private final IdentityHashMap<Object, Runnable> destructions = new IdentityHashMap<>();

	RabbitPoolBeanPostProcessor(ApplicationContext context, ObjectProvider<RabbitPoolFactory> factory,
			ObjectProvider<PoolGovernor> governor, boolean dryRun) {
		this.context = context;
		this.factory = factory;
		this.governor = governor;
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
			remember(bean, () -> dismiss(beanName));
			return bean;
		}
		RabbitManagedPool pool = this.factory.getObject().create(beanName, original);
		CachingConnectionFactory governed = pool.connectionFactory();
		// Spring has told the original before anybody could take its place
		governed.setBeanName(beanName);
		governed.setApplicationContext(this.context);
		governed.setApplicationEventPublisher(this.context);
		// else each event would come twice
		original.setApplicationEventPublisher((event) -> {
		});
		remember(bean, () -> {
			governed.destroy();
			this.factory.ifAvailable((factory) -> factory.forget(pool));
			dismiss(beanName);
		});
		return governed;
	}

	/**
	 * Has the governor give the pool's part to the others, which a context that closes
	 * doesn't need any more.
	 */
	private void dismiss(String name) {
		if (!(this.context instanceof ConfigurableApplicationContext closing && closing.isClosed())) {
			this.governor.ifAvailable((governor) -> governor.dismiss(name));
		}
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
