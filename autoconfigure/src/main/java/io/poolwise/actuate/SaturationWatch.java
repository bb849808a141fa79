package io.poolwise.actuate;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolStatus;

/**
 * Remembers since when each pool has been saturated without a break, as seen at regular
 * looks. Safe for any thread.
 */
final class SaturationWatch {

	private final PoolGovernor governor;

	private final LongSupplier nanos;

	private final Map<String, Long> since = new HashMap<>();

	SaturationWatch(PoolGovernor governor, LongSupplier nanos) {
		this.governor = governor;
		this.nanos = nanos;
	}

	/**
	 * Looks at the pools. What can't be seen is not saturated.
	 */
	synchronized void look() {
		Set<String> saturated = Set.of();
		try {
			saturated = saturatedNow();
		}
		finally {
			this.since.keySet().retainAll(saturated);
		}
		saturated.forEach((pool) -> this.since.putIfAbsent(pool, this.nanos.getAsLong()));
	}

	private Set<String> saturatedNow() {
		return this.governor.pools()
			.stream()
			.filter((pool) -> pool.status() == PoolStatus.SATURATED)
			.map(PoolReport::name)
			.collect(Collectors.toSet());
	}

	/**
	 * The pools that were saturated at the last look.
	 * @return how long each has been, by name, sorted
	 */
	synchronized Map<String, Duration> saturated() {
		long now = this.nanos.getAsLong();
		Map<String, Duration> saturated = new TreeMap<>();
		this.since.forEach((pool, start) -> saturated.put(pool, Duration.ofNanos(now - start)));
		return saturated;
	}

}
