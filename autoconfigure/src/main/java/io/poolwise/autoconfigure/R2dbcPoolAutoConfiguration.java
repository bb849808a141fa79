package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolGovernor;
import io.r2dbc.spi.ConnectionFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration that takes account of R2DBC's connections, which it doesn't govern.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnClass(ConnectionFactory.class)
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.database.enabled" }, matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
public final class R2dbcPoolAutoConfiguration {

	@Bean
	static UngovernedR2dbcFactories ungovernedR2dbcFactories(ObjectProvider<PoolGovernor> governor) {
		return new UngovernedR2dbcFactories(governor);
	}

}
