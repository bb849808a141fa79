package io.poolwise.fleet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;

/**
 * Database pools of this process whose connections take no slots. Safe for any thread.
 */
final class UngovernedPools {

	private final Map<String, UngovernedPool> pools = new ConcurrentHashMap<>();

	void add(UngovernedPool pool) {
		this.pools.put(pool.name(), pool);
	}

	Stream<UngovernedPool> on(ServerIdentity server) {
		return this.pools.values().stream().filter((pool) -> pool.countsOn(PoolKind.DATABASE, server));
	}

	/**
	 * What they can open.
	 * @param server where
	 * @return connections, at least 0; those of which it isn't known don't count
	 */
	int connections(ServerIdentity server) {
		return on(server).mapToInt((pool) -> (pool.connections() != null) ? pool.connections() : 0).sum();
	}

	/**
	 * Why an instance with such a pool can't take part.
	 * @param pool the pool
	 * @return a sentence without its full stop
	 */
	static String objection(UngovernedPool pool) {
		return "the connections of " + pool.name() + " take no slots: it is not governed, since " + pool.why();
	}

}
