package io.poolwise.governor;

import java.util.ArrayList;
import java.util.List;

import io.poolwise.budget.PoolDemand;

/**
 * What an operator, or a profile, asks for one pool.
 *
 * @param demand the sizes
 * @param maxExplicit whether somebody asked for the maximum, rather than a profile
 * @param maxKey the key that the maximum came from, or would be set by
 * @param budget what is said of the budget on its server
 * @param reasons where the sizes come from, one line each
 */
public record PoolRequest(PoolDemand demand, boolean maxExplicit, String maxKey, BudgetPolicy budget,
		List<String> reasons) {

	/**
	 * The size that Boot would give a pool, and the most that one gets of whose fleet or
	 * server nothing is known.
	 */
	public static final int BLIND_MAX = 10;

	public PoolRequest {
		reasons = List.copyOf(reasons);
	}

	/**
	 * The same request, decided and not applied.
	 * @return a request that says so
	 */
	public PoolRequest dryRun() {
		List<String> reasons = new ArrayList<>(this.reasons);
		reasons.add(0, "dry run: decided, not applied");
		return new PoolRequest(this.demand, this.maxExplicit, this.maxKey, this.budget, reasons);
	}

	/**
	 * What is asked for as long as the fleet or the limit is not known: an explicit size
	 * as it is, else at most {@link #BLIND_MAX}.
	 * @return the sizes
	 */
	public PoolDemand blindDemand() {
		int max = this.maxExplicit ? this.demand.maxSize() : Math.min(this.demand.maxSize(), BLIND_MAX);
		return new PoolDemand(this.demand.name(), Math.min(this.demand.minSize(), max), max, this.demand.maxOverflow());
	}

}
