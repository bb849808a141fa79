package io.poolwise.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;

/**
 * The health of the pools of one kind, a part a pool, under the pools' names, followed by
 * the stock parts of what is not governed. Pools that come or go later are seen.
 */
public class PoolHealthContributor implements CompositeHealthContributor {

	private final PoolGovernor governor;

	private final PoolKind kind;

	private final Map<String, HealthContributor> others;

	/**
	 * Creates the health of a kind.
	 * @param governor knows the pools, and asks their servers
	 * @param kind the kind
	 * @param others the stock parts, by name
	 */
	public PoolHealthContributor(PoolGovernor governor, PoolKind kind, Map<String, HealthContributor> others) {
		this.governor = governor;
		this.kind = kind;
		this.others = new LinkedHashMap<>(others);
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		boolean governed = this.governor.pool(name).filter(this::isOfKind).isPresent();
		return governed ? new PoolHealthIndicator(this.governor, name) : this.others.get(name);
	}

	@Override
	public Stream<HealthContributors.Entry> stream() {
		Stream<HealthContributors.Entry> pools = this.governor.pools()
			.stream()
			.filter(this::isOfKind)
			.map((pool) -> new HealthContributors.Entry(pool.name(),
					new PoolHealthIndicator(this.governor, pool.name())));
		return Stream.concat(pools,
				this.others.entrySet()
					.stream()
					.map((other) -> new HealthContributors.Entry(other.getKey(), other.getValue())));
	}

	private boolean isOfKind(PoolReport pool) {
		return pool.kind() == this.kind;
	}

}
