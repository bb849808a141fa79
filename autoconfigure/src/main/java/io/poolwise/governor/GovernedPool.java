package io.poolwise.governor;

import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ManagedPool;

/**
 * A pool with what the governor needs to size it.
 *
 * @param pool the pool
 * @param limits asks its server
 * @param request what is asked for it
 */
public record GovernedPool(ManagedPool pool, LimitSource limits, PoolRequest request) {

	String name() {
		return this.pool.name();
	}

}
