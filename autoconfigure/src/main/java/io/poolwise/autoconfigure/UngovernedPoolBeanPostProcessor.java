package io.poolwise.autoconfigure;

import javax.sql.DataSource;
import javax.sql.XADataSource;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;

/**
 * Shows each data source bean that is ready to {@link UngovernedDataSources}.
 */
final class UngovernedPoolBeanPostProcessor implements BeanPostProcessor, Ordered {

	private final ObjectProvider<UngovernedDataSources> ungoverned;

	UngovernedPoolBeanPostProcessor(ObjectProvider<UngovernedDataSources> ungoverned) {
		this.ungoverned = ungoverned;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		// behind the proxy of a scope, the data source comes when the scope asks for it
		if (bean instanceof DataSource dataSource && !(bean instanceof ScopedObject)) {
			this.ungoverned.getObject().inspect(beanName, dataSource);
		}
		else if (bean instanceof XADataSource source && !(bean instanceof ScopedObject)) {
			this.ungoverned.getObject().inspect(beanName, source);
		}
		return bean;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
