package io.poolwise.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.ObservedHikariPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.context.ApplicationContext;

/**
 * Puts a governed pool in the place of each {@link HikariDataSource} that has its
 * settings and hasn't started.
 */
final class HikariPoolBeanPostProcessor extends PoolBeanPostProcessor {

	private final ObjectProvider<HikariPoolFactory> factory;

	private final ObjectProvider<DataSourceNames> names;

	private final boolean dryRun;

	HikariPoolBeanPostProcessor(ApplicationContext context, ObjectProvider<HikariPoolFactory> factory,
			ObjectProvider<PoolGovernor> governor, ObjectProvider<DataSourceNames> names, boolean dryRun) {
		super(context, governor);
		this.factory = factory;
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
			ObservedHikariPool observed = this.factory.getObject().observe(name, original, prefix);
			atDestruction(bean, name, observed::close);
			return bean;
		}
		GovernedHikariDataSource pool = this.factory.getObject().create(name, original, prefix);
		atDestruction(bean, name, pool::close);
		return pool;
	}

	private static boolean isStarted(HikariDataSource bean) {
		return bean.isClosed() || bean.getHikariPoolMXBean() != null;
	}

	private @Nullable String prefix(Object bean, String beanName) {
		ConfigurationPropertiesBean bound = ConfigurationPropertiesBean.get(context(), bean, beanName);
		return (bound != null) ? bound.getAnnotation().prefix() : null;
	}

}
