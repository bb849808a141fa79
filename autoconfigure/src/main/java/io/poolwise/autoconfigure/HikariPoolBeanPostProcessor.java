package io.poolwise.autoconfigure;

import java.util.IdentityHashMap;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts a governed pool in the place of each {@link HikariDataSource} that has its
 * settings and hasn't started. Spring keeps the original for the destruction, which is
 * when the governed one is closed.
 */
final class HikariPoolBeanPostProcessor implements DestructionAwareBeanPostProcessor, PriorityOrdered {

	private final ApplicationContext context;

	private final ObjectProvider<HikariPoolFactory> factory;

	private final ObjectProvider<PoolGovernor> governor;

	private final ObjectProvider<DataSourceNames> names;

	private final boolean dryRun;

	private final IdentityHashMap<Object, Runnable> destructions = new IdentityHashMap<>();

	HikariPoolBeanPostProcessor(ApplicationContext context, ObjectProvider<HikariPoolFactory> factory,
			ObjectProvider<PoolGovernor> governor, ObjectProvider<DataSourceNames> names, boolean dryRun) {
		this.context = context;
		this.factory = factory;
		this.governor = governor;
		this.names = names;
		this.dryRun = dryRun;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean.getClass() != HikariDataSource.class || isStarted((HikariDataSource) bean)) {
			return bean;
		}
		HikariDataSource original = (HikariDataSource) bean;
		String name = freeName(this.names.getObject().poolName(beanName), beanName);
		String prefix = prefix(bean, beanName);
		if (this.dryRun) {
			this.factory.getObject().observe(name, original, prefix);
			remember(bean, () -> dismiss(name));
			return bean;
		}
		GovernedHikariDataSource pool = this.factory.getObject().create(name, original, prefix);
		remember(bean, () -> {
			pool.close();
			dismiss(name);
		});
		return pool;
	}

	/**
	 * Contexts of one hierarchy share a governor, and each may have a primary pool.
	 */
	private String freeName(String poolName, String beanName) {
		PoolGovernor governor = this.governor.getObject();
		String name = governor.pool(poolName).isEmpty() ? poolName : beanName;
		for (int number = 2; governor.pool(name).isPresent(); number++) {
			name = beanName + "-" + number;
		}
		return name;
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

	private void remember(Object bean, Runnable destruction) {
		synchronized (this.destructions) {
			this.destructions.put(bean, destruction);
		}
	}

	private static boolean isStarted(HikariDataSource bean) {
		return bean.isClosed() || bean.getHikariPoolMXBean() != null;
	}

	private @Nullable String prefix(Object bean, String beanName) {
		ConfigurationPropertiesBean bound = ConfigurationPropertiesBean.get(this.context, bean, beanName);
		return (bound != null) ? bound.getAnnotation().prefix() : null;
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
