package io.poolwise.autoconfigure;

import java.util.List;
import java.util.Set;

import io.poolwise.budget.PoolDemand;
import io.poolwise.governor.ExpectedPools;
import io.poolwise.pool.PoolKind;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The data sources that the application declares and hasn't made yet.
 */
class AnnouncedHikariPools implements ExpectedPools {

	private final ConfigurableListableBeanFactory beans;

	private final DataSourceNames names;

	private final PoolKeys keys;

	AnnouncedHikariPools(ConfigurableListableBeanFactory beans, DataSourceNames names, PoolKeys keys) {
		this.beans = beans;
		this.names = names;
		this.keys = keys;
	}

	@Override
	public List<PoolDemand> besides(PoolKind kind, Set<String> present) {
		if (kind != PoolKind.DATABASE) {
			return List.of();
		}
		return this.names.announcedBeans()
			.stream()
			.filter((bean) -> !this.beans.containsSingleton(bean))
			.map(this.names::poolName)
			.filter((name) -> !present.contains(name))
			.map((name) -> HikariPoolFactory.expected(this.keys, name))
			.toList();
	}

}
