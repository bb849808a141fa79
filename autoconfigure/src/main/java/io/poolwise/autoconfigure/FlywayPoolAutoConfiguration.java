package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * Auto-configuration that runs Flyway's migrations without the command timeout.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@ConditionalOnClass({ Flyway.class, FlywayConfigurationCustomizer.class, HikariDataSource.class })
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.database.enabled" }, matchIfMissing = true)
public final class FlywayPoolAutoConfiguration {

	// one for the schema's history, which it locks, and one for the migration
	private static final int CONNECTIONS = 2;

	@Bean
	@Order
	FlywayConfigurationCustomizer poolFlywayConfigurationCustomizer(ObjectProvider<UngovernedDataSources> ungoverned) {
		return (configuration) -> {
			DataSource dataSource = configuration.getDataSource();
			if (dataSource != null) {
				ungoverned.ifAvailable((pools) -> pools.inspectMigration("flyway", dataSource, CONNECTIONS));
			}
			configuration.dataSource(MigrationDataSources.withoutCommandTimeout(dataSource));
		};
	}

}
