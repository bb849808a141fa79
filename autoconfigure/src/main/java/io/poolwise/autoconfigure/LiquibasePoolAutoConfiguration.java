package io.poolwise.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration that runs Liquibase's changes without the command timeout.
 */
@AutoConfiguration
@ConditionalOnClass({ SpringLiquibase.class, HikariDataSource.class })
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.database.enabled" }, matchIfMissing = true)
public final class LiquibasePoolAutoConfiguration {

	@Bean
	static BeanPostProcessor poolLiquibaseBeanPostProcessor() {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String beanName) {
				if (bean instanceof SpringLiquibase liquibase) {
					liquibase.setDataSource(MigrationDataSources.withoutCommandTimeout(liquibase.getDataSource()));
				}
				return bean;
			}

		};
	}

}
