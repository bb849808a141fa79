package io.poolwise.fleet;

import java.util.Collection;
import java.util.function.Consumer;

import io.poolwise.governor.GovernedPool;
import io.poolwise.lease.Demand;
import io.poolwise.lease.DemandEstimator;
import io.poolwise.pool.PoolCounts;

/**
 * What the pools of this instance could use on one server, in slots, and who is told when
 * that changes.
 */
final class LeaseDemand {

	/** Looks for which what is there has to do for those who wait. */
	private static final int PATIENCE = 5;

	private final Collection<GovernedPool> pools;

	private final Consumer<Demand> listener;

	private DemandEstimator estimator;

	private Demand told;

	/** Looks in a row that found somebody waiting. */
	private int waited;

	/**
	 * Creates the estimate of an instance that has done nothing.
	 * @param pools the pools, as they are at each look
	 * @param listener told the demand
	 * @param now the time in nanoseconds
	 */
	LeaseDemand(Collection<GovernedPool> pools, Consumer<Demand> listener, long now) {
		this.pools = pools;
		this.listener = listener;
		this.estimator = DemandEstimator.startingAt(now);
		this.told = this.estimator.demand();
	}

	/**
	 * Looks at the pools; to be done every 100 ms or so.
	 * @param now the time in nanoseconds
	 */
	synchronized void sample(long now) {
		int used = 0;
		int pending = 0;
		int most = 1;
		for (GovernedPool pool : this.pools) {
			PoolCounts counts = pool.pool().counts();
			used += counts.used();
			pending += counts.pending();
			most += pool.request().demand().maxSize() + pool.request().demand().maxOverflow();
		}
		this.estimator = this.estimator.observe(now, used, pending);
		this.waited = (pending > 0) ? this.waited + 1 : 0;
		Demand demand = this.estimator.demand().atMost(most);
		if (this.waited > PATIENCE) {
			// what is there can't be used: it is another pool's, or of sessions that end
			demand = Demand.of(demand.slots());
		}
		if (!demand.equals(this.told)) {
			this.told = demand;
			this.listener.accept(demand);
		}
	}

}
