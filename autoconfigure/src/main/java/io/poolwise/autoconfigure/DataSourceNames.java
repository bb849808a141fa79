package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The data sources of an application, by name, without making any.
 */
class DataSourceNames {

	static final String PRIMARY = "primary";

	private final ConfigurableListableBeanFactory beans;

	DataSourceNames(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * The name of a bean's pool: {@code primary} for the only data source, or the one
	 * that is marked so, else the bean's own. Behind a scoped proxy, it is the name of
	 * the proxy, which is the one that the application knows. The read replica of the
	 * keys is {@code read-replica}.
	 */
	String poolName(String bean) {
		String beanName = ScopedProxyUtils.isScopedTarget(bean) ? ScopedProxyUtils.getOriginalBeanName(bean) : bean;
		if (beanName.equals(ReadReplica.BEAN) && this.beans.containsBeanDefinition(ReadReplica.ROUTING_BEAN)) {
			return ReadReplica.POOL;
		}
		List<String> candidates = new ArrayList<>();
		for (String name : names()) {
			if (isCandidate(name)) {
				candidates.add(name);
			}
		}
		boolean only = candidates.size() == 1 && candidates.contains(beanName);
		return (only || isPrimary(beanName)) ? PRIMARY : beanName;
	}

	/**
	 * The pools that are announced as HikariCP's, or as nothing more than a data source.
	 */
	List<String> announcedBeans() {
		return names().stream().filter((name) -> {
			Class<?> type = this.beans.getType(name, false);
			return type != null && (type == DataSource.class || HikariDataSource.class.isAssignableFrom(type));
		}).toList();
	}

	private List<String> names() {
		return Stream.of(this.beans.getBeanNamesForType(DataSource.class, true, false))
			.filter((name) -> !ScopedProxyUtils.isScopedTarget(name))
			.toList();
	}

	private boolean isPrimary(String beanName) {
		return this.beans.containsBeanDefinition(beanName) && this.beans.getMergedBeanDefinition(beanName).isPrimary();
	}

	private boolean isCandidate(String beanName) {
		if (!this.beans.containsBeanDefinition(beanName)) {
			return true;
		}
		BeanDefinition definition = this.beans.getMergedBeanDefinition(beanName);
		boolean byDefault = !(definition instanceof org.springframework.beans.factory.support.AbstractBeanDefinition full)
				|| full.isDefaultCandidate();
		return definition.isAutowireCandidate() && byDefault;
	}

}
