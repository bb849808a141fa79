package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;

/**
 * Finds the pools behind the data sources that applications see.
 */
final class GovernedDataSources {

	private GovernedDataSources() {
	}

	/**
	 * The HikariCP pool of a data source, governed or not. It may be a class-based proxy.
	 * @param dataSource the pool, or a wrapper of one
	 * @return the pool, {@code null} if there is none
	 */
	static @Nullable HikariDataSource hikari(@Nullable DataSource dataSource) {
		return (dataSource != null)
				? DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class) : null;
	}

	/**
	 * The governed pool of a data source, without any proxy.
	 * @param dataSource the pool, or a wrapper of one
	 * @return the pool, {@code null} if there is none
	 */
	static @Nullable GovernedHikariDataSource governed(@Nullable DataSource dataSource) {
		// Boot takes a class-based proxy for the pool itself
		return (hikari(dataSource) instanceof GovernedHikariDataSource pool) ? pool.managedPool().dataSource() : null;
	}

}
