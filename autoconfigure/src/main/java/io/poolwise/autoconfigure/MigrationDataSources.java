package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;

/**
 * What migrations get instead of the application's pool.
 */
final class MigrationDataSources {

	private MigrationDataSources() {
	}

	/**
	 * The same connections, without the command timeout, if the data source is a governed
	 * pool; else the data source itself.
	 */
	static @Nullable DataSource withoutCommandTimeout(@Nullable DataSource dataSource) {
		if (dataSource == null) {
			return null;
		}
		GovernedHikariDataSource governed = GovernedDataSources.governed(dataSource);
		return (governed != null) ? governed.withoutCommandTimeout(dataSource) : dataSource;
	}

}
