package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.beans.factory.ObjectProvider;
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

	private static final int CONNECTIONS = 1;

	@Bean
	static BeanPostProcessor poolLiquibaseBeanPostProcessor(ObjectProvider<UngovernedDataSources> ungoverned) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String beanName) {
				if (bean instanceof SpringLiquibase liquibase) {
					DataSource dataSource = liquibase.getDataSource();
					if (dataSource != null) {
						ungoverned.ifAvailable((pools) -> pools.inspectMigration(beanName, dataSource, CONNECTIONS));
					}
					liquibase.setDataSource(MigrationDataSources.withoutCommandTimeout(dataSource));
				}
				return bean;
			}

		};
	}

}
