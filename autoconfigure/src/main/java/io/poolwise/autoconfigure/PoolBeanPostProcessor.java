package io.poolwise.autoconfigure;

import java.util.IdentityHashMap;

import io.poolwise.governor.PoolGovernor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts governed pools in the place of others. Spring keeps the original for the
 * destruction, which is when the governed one is closed. Last in the order, so that it
 * sees the settings as everybody else left them.
 */
abstract class PoolBeanPostProcessor implements DestructionAwareBeanPostProcessor, PriorityOrdered {

	private final ApplicationContext context;

	private final ObjectProvider<PoolGovernor> governor;

	private final IdentityHashMap<Object, Runnable> destructions = new IdentityHashMap<>();

	PoolBeanPostProcessor(ApplicationContext context, ObjectProvider<PoolGovernor> governor) {
		this.context = context;
		this.governor = governor;
	}

	final ApplicationContext context() {
		return this.context;
	}

	/**
	 * A name for a pool that no other has. Contexts of one hierarchy share a governor,
	 * and may have beans of the same name.
	 * @param wanted the name that it should have
	 * @param beanName what to try next, and then with a number
	 * @return the name
	 */
	final String freeName(String wanted, String beanName) {
		PoolGovernor governor = this.governor.getObject();
		String name = governor.pool(wanted).isEmpty() ? wanted : beanName;
		for (int number = 2; governor.pool(name).isPresent(); number++) {
			name = beanName + "-" + number;
		}
		return name;
	}

	/**
	 * Says what is to be done when a bean is destroyed.
	 * @param bean the original
	 * @param pool the pool's name, which the governor forgets then
	 * @param destruction what comes before that
	 */
	final void atDestruction(Object bean, String pool, Runnable destruction) {
		synchronized (this.destructions) {
			this.destructions.put(bean, () -> {
				destruction.run();
				dismiss(pool);
			});
		}
	}

	/**
	 * Has the governor give the pool's part to the others, which a context that closes
	 * doesn't need any more: they would open connections just to close them.
	 */
	private void dismiss(String name) {
		if (!(this.context instanceof ConfigurableApplicationContext closing && closing.isClosed())) {
			this.governor.ifAvailable((governor) -> governor.dismiss(name));
		}
	}

	@Override
	public final void postProcessBeforeDestruction(Object bean, String beanName) {
		Runnable destruction;
		synchronized (this.destructions) {
			destruction = this.destructions.remove(bean);
		}
		if (destruction != null) {
			destruction.run();
		}
	}

	@Override
	public final boolean requiresDestruction(Object bean) {
		synchronized (this.destructions) {
			return this.destructions.containsKey(bean);
		}
	}

	@Override
	public final int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
