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

	private final IdentityHashMap<Object, GovernedHikariDataSource> governed = new IdentityHashMap<>();

	HikariPoolBeanPostProcessor(ApplicationContext context, ObjectProvider<HikariPoolFactory> factory,
			ObjectProvider<PoolGovernor> governor, ObjectProvider<DataSourceNames> names) {
		this.context = context;
		this.factory = factory;
		this.governor = governor;
		this.names = names;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean.getClass() != HikariDataSource.class || isStarted((HikariDataSource) bean)) {
			return bean;
		}
		HikariDataSource original = (HikariDataSource) bean;
		GovernedHikariDataSource pool = this.factory.getObject()
			.create(this.names.getObject().poolName(beanName), original, prefix(bean, beanName));
		synchronized (this.governed) {
			this.governed.put(bean, pool);
		}
		return pool;
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
		GovernedHikariDataSource pool;
		synchronized (this.governed) {
			pool = this.governed.remove(bean);
		}
		if (pool != null) {
			pool.close();
			this.governor.ifAvailable((governor) -> governor.dismiss(pool.managedPool().name()));
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
