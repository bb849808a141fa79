package io.poolwise.actuate;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.PoolKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Composes the health of an application's databases: governed pools answer for
 * themselves, every other data source through Spring Boot's own indicator.
 */
public final class DatabaseHealth {

	private final PoolGovernor governor;

	private final Function<DataSource, @Nullable String> governedPool;

	private final DataSourcePoolMetadataProvider metadata;

	/**
	 * Creates a composer.
	 * @param governor knows the pools, and asks their servers
	 * @param governedPool the name of the governed pool behind a data source,
	 * {@code null} if there is none
	 * @param metadata knows the validation query of a data source that is not governed
	 */
	public DatabaseHealth(PoolGovernor governor, Function<DataSource, @Nullable String> governedPool,
			DataSourcePoolMetadataProvider metadata) {
		this.governor = governor;
		this.governedPool = governedPool;
		this.metadata = metadata;
	}

	/**
	 * Composes the health of these data sources and of all governed database pools.
	 * @param beans the data sources by bean name
	 * @param ignoreRouting whether to leave out those that only route to others
	 * @return a part a pool; where nothing is governed and there is one data source, the
	 * part that Spring Boot would give
	 */
	public HealthContributor of(Map<String, DataSource> beans, boolean ignoreRouting) {
		Map<String, HealthContributor> others = new LinkedHashMap<>();
		beans.forEach((name, dataSource) -> {
			boolean skipped = isRouting(dataSource) ? ignoreRouting : this.governedPool.apply(dataSource) != null;
			if (!skipped) {
				others.put(name, contributor(dataSource));
			}
		});
		if (others.size() == 1 && this.governor.pools().stream().noneMatch((p) -> p.kind() == PoolKind.DATABASE)) {
			return others.values().iterator().next();
		}
		return new PoolHealthContributor(this.governor, PoolKind.DATABASE, others);
	}

	private HealthContributor contributor(DataSource dataSource) {
		if (isRouting(dataSource)) {
			Map<String, DataSource> targets = new LinkedHashMap<>();
			routing(dataSource).getResolvedDataSources()
				.forEach((key, target) -> targets.put(Objects.toString(key, "unnamed"), target));
			return CompositeHealthContributor.fromMap(targets, this::contributor);
		}
		String pool = this.governedPool.apply(dataSource);
		if (pool != null) {
			return new PoolHealthIndicator(this.governor, pool);
		}
		DataSourcePoolMetadata known = this.metadata.getDataSourcePoolMetadata(dataSource);
		return new DataSourceHealthIndicator(dataSource, (known != null) ? known.getValidationQuery() : null);
	}

	/**
	 * A data source that routes claims to wrap whatever it routes to at this moment, so
	 * this is asked before what it wraps.
	 */
	private static boolean isRouting(DataSource dataSource) {
		if (dataSource instanceof AbstractRoutingDataSource) {
			return true;
		}
		try {
			return dataSource.isWrapperFor(AbstractRoutingDataSource.class);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static AbstractRoutingDataSource routing(DataSource dataSource) {
		if (dataSource instanceof AbstractRoutingDataSource routing) {
			return routing;
		}
		try {
			return dataSource.unwrap(AbstractRoutingDataSource.class);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("A wrapper of an AbstractRoutingDataSource does not give it", ex);
		}
	}

}
