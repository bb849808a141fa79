package io.poolwise.autoconfigure;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.budget.LimitReading;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.LimitReader;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Finds the pools among an application's data sources that can't be governed, and tells
 * the governor what they can open.
 */
final class UngovernedDataSources {

	private final PoolGovernor governor;

	private final DataSourcePoolMetadataProvider metadata;

	private final Set<DataSource> known = Collections.newSetFromMap(new IdentityHashMap<>());

	UngovernedDataSources(PoolGovernor governor, List<DataSourcePoolMetadataProvider> metadata) {
		this.governor = governor;
		this.metadata = new CompositeDataSourcePoolMetadataProvider(metadata);
	}

	/**
	 * Looks at a data source that is ready for use.
	 */
	void inspect(String name, DataSource dataSource) {
		if (dataSource instanceof AbstractRoutingDataSource routing) {
			routing.getResolvedDataSources().forEach((key, target) -> inspect(name + "." + key, target));
		}
		else if (dataSource instanceof DelegatingDataSource delegating) {
			DataSource target = delegating.getTargetDataSource();
			if (target != null) {
				inspect(name, target);
			}
		}
		else if (!(dataSource instanceof EmbeddedDatabase) && isNew(dataSource)) {
			acknowledge(name, dataSource);
		}
	}

	private synchronized boolean isNew(DataSource dataSource) {
		return this.known.add(dataSource);
	}

	private void acknowledge(String name, DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
				HikariDataSource.class);
		if (pool instanceof GovernedHikariDataSource) {
			return;
		}
		LimitReading reading = LimitReader.read(dataSource);
		if (reading instanceof LimitReading.Unlimited) {
			return;
		}
		this.governor.acknowledge(new UngovernedPool(name, PoolKind.DATABASE,
				(reading instanceof LimitReading.Granted granted) ? granted.identity() : null,
				connections(dataSource, pool), why(dataSource, pool)));
	}

	private @Nullable Integer connections(DataSource dataSource, @Nullable HikariDataSource pool) {
		if (pool != null) {
			return pool.getMaximumPoolSize();
		}
		DataSourcePoolMetadata metadata = this.metadata.getDataSourcePoolMetadata(dataSource);
		Integer max = (metadata != null) ? metadata.getMax() : null;
		return (max != null && max >= 0) ? max : null;
	}

	private static String why(DataSource dataSource, @Nullable HikariDataSource pool) {
		if (pool == null) {
			return "it is a " + dataSource.getClass().getSimpleName();
		}
		return (pool.getClass() == HikariDataSource.class) ? "it had started before Spring could size it"
				: "it is a " + pool.getClass().getSimpleName() + ", which only its own class can replace";
	}

}
