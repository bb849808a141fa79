package io.poolwise.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;

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

	@Bean
	@Order
	FlywayConfigurationCustomizer poolFlywayConfigurationCustomizer() {
		return (configuration) -> configuration
			.dataSource(MigrationDataSources.withoutCommandTimeout(configuration.getDataSource()));
	}

}
