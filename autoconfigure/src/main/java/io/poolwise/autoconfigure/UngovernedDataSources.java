package io.poolwise.autoconfigure;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;
import javax.sql.XADataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.budget.LimitReading;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.LimitReader;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Finds the pools among an application's data sources that can't be governed, and tells
 * the governor what they can open.
 */
class UngovernedDataSources {

	private static final String MAX_POOL_SIZE = "maxPoolSize";

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

	/**
	 * Looks at what a migration tool migrates with. It has connections of its own if it
	 * was given an address or a user of its own.
	 * @param tool the tool's name
	 * @param dataSource what it connects through
	 * @param connections how many the tool opens at once
	 */
	void inspectMigration(String tool, DataSource dataSource, int connections) {
		if (dataSource instanceof AbstractDriverBasedDataSource && isNew(dataSource)) {
			acknowledge(tool, dataSource, connections, "migrations have connections of their own", true);
		}
	}

	/**
	 * Takes account of a source of XA connections, which have no bound of their own. The
	 * pool that a transaction manager makes of it is a data source like any other.
	 */
	void inspect(String name, XADataSource source) {
		this.governor.acknowledge(new UngovernedPool(name, PoolKind.DATABASE, null, null,
				"it is a " + source.getClass().getSimpleName() + ", which opens XA connections"));
	}

	private synchronized boolean isNew(DataSource dataSource) {
		return this.known.add(dataSource);
	}

	private void acknowledge(String name, DataSource dataSource) {
		HikariDataSource pool = GovernedDataSources.hikari(dataSource);
		if (pool instanceof GovernedHikariDataSource) {
			return;
		}
		acknowledge(name, dataSource, connections(dataSource, pool), why(dataSource, pool), false);
	}

	private void acknowledge(String name, DataSource dataSource, @Nullable Integer connections, String why,
			boolean passing) {
		LimitReading reading = LimitReader.read(name, dataSource);
		if (reading instanceof LimitReading.Unlimited) {
			return;
		}
		this.governor.acknowledge(new UngovernedPool(name, PoolKind.DATABASE,
				(reading instanceof LimitReading.Granted granted) ? granted.identity() : null, connections, why,
				passing));
	}

	private @Nullable Integer connections(DataSource dataSource, @Nullable HikariDataSource pool) {
		if (pool != null) {
			return pool.getMaximumPoolSize();
		}
		DataSourcePoolMetadata metadata = this.metadata.getDataSourcePoolMetadata(dataSource);
		Integer max = (metadata != null) ? metadata.getMax() : maxPoolSize(dataSource);
		return (max != null && max >= 0) ? max : null;
	}

	/**
	 * The property that pools which Spring Boot doesn't know have in common.
	 */
	private static @Nullable Integer maxPoolSize(DataSource dataSource) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
		return (properties.isReadableProperty(MAX_POOL_SIZE)
				&& properties.getPropertyValue(MAX_POOL_SIZE) instanceof Integer max) ? max : null;
	}

	private static String why(DataSource dataSource, @Nullable HikariDataSource pool) {
		if (pool == null) {
			return "it is a " + dataSource.getClass().getSimpleName();
		}
		return (pool.getClass() == HikariDataSource.class) ? "it had started before Spring could size it"
				: "it is a " + pool.getClass().getSimpleName() + ", which only its own class can replace";
	}

}
