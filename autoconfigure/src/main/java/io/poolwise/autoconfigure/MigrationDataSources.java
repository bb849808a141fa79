package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;

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
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
				HikariDataSource.class);
		return (pool instanceof GovernedHikariDataSource governed) ? governed.withoutCommandTimeout() : dataSource;
	}

}
