package io.poolwise.fleet;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

import io.poolwise.governor.GovernedPool;

/**
 * The pools of this instance on one server, and what they must be sure of. Safe for any
 * thread.
 */
final class LeasedPools {

	/**
	 * Connections that an instance is sure of while it starts or stops: Flyway uses up to
	 * three at once. What it should have when idle it needs while requests come.
	 */
	private static final int NOT_SERVING = 3;

	private final Map<String, GovernedPool> pools = new ConcurrentHashMap<>();

	private final IntConsumer minimum;

	private volatile boolean serving;

	/**
	 * Creates none.
	 * @param minimum told what all must be sure of together, connections, at least 0
	 */
	LeasedPools(IntConsumer minimum) {
		this.minimum = minimum;
	}

	boolean has(String pool) {
		return this.pools.containsKey(pool);
	}

	Set<String> names() {
		return Set.copyOf(this.pools.keySet());
	}

	/**
	 * The pools, as they are whenever one looks.
	 */
	Collection<GovernedPool> all() {
		return this.pools.values();
	}

	void add(GovernedPool pool) {
		this.pools.put(pool.pool().name(), pool);
		tell();
	}

	/**
	 * Forgets a pool.
	 * @return whether it was the last one
	 */
	boolean remove(String pool) {
		boolean last = this.pools.remove(pool) != null && this.pools.isEmpty();
		tell();
		return last;
	}

	/**
	 * Whether the application has the traffic that it wants its pools to be filled for.
	 */
	void serve(boolean serving) {
		this.serving = serving;
		tell();
	}

	boolean serving() {
		return this.serving;
	}

	/**
	 * Who tells last looks again, so that what stays told is what is.
	 */
	private void tell() {
		int told;
		do {
			told = sum();
			this.minimum.accept(told);
		}
		while (told != sum());
	}

	private int sum() {
		int wanted = this.pools.values().stream().mapToInt((pool) -> pool.request().demand().minSize()).sum();
		return this.serving ? wanted : Math.min(wanted, NOT_SERVING);
	}

}
