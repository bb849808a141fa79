package io.poolwise.fleet;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.Reserve;
import io.poolwise.governor.BudgetPolicy;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolRequest;
import io.poolwise.lease.Demand;
import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LeaseDemand}.
 */
class LeaseDemandTests {

	private final List<GovernedPool> pools = new ArrayList<>();

	private final List<Demand> told = new ArrayList<>();

	private final LeaseDemand demand = new LeaseDemand(this.pools, this.told::add, 0);

	@Test
	void whatIsBusyAndWaitsIsToldOnceWithHeadroom() {
		this.pools.add(pool("primary", 40, new PoolCounts(20, 0, 20, 0)));
		this.demand.sample(1);
		this.demand.sample(2);
		// 20 x 1.25, and one for the coordinator
		assertThat(this.told).containsExactly(new Demand(26, 21));
	}

	/**
	 * What is there is another pool's, say, and of no use to those who wait.
	 */
	@Test
	void whoWaitsForLongNeedsTheHeadroom() {
		this.pools.add(pool("primary", 40, new PoolCounts(20, 0, 16, 4)));
		for (int i = 1; i <= 5; i++) {
			this.demand.sample(i);
		}
		assertThat(this.told).containsExactly(new Demand(26, 21));
		this.demand.sample(6);
		assertThat(this.told).containsExactly(new Demand(26, 21), Demand.of(26));
	}

	@Test
	void moreThanThePoolsMayHaveIsNotWanted() {
		this.pools.add(pool("primary", 10, new PoolCounts(10, 0, 10, 90)));
		this.demand.sample(1);
		assertThat(this.told).containsExactly(Demand.of(11));
	}

	@Test
	void poolThatComesLaterRaisesWhatCanBeWantedUnderTheSameLoad() {
		this.pools.add(pool("primary", 10, new PoolCounts(10, 0, 10, 90)));
		this.demand.sample(1);
		this.pools.add(pool("reports", 200, PoolCounts.EMPTY));
		this.demand.sample(2);
		assertThat(this.told).containsExactly(Demand.of(11), new Demand(126, 101));
	}

	private static GovernedPool pool(String name, int maxSize, PoolCounts counts) {
		Counted pool = new Counted(name, counts);
		BudgetPolicy budget = new BudgetPolicy("pool.database.budget", null, Reserve.parse("10%"), BigDecimal.ONE,
				false);
		return new GovernedPool(pool, pool, new PoolRequest(new PoolDemand(name, 0, maxSize, 0), false,
				"pool.database.max-size", budget, List.of()));
	}

	private record Counted(String name, PoolCounts counts) implements QuietPool {

	}

}
