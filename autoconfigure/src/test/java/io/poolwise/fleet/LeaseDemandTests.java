package io.poolwise.fleet;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.PoolUse;
import io.poolwise.budget.Reserve;
import io.poolwise.governor.BudgetPolicy;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolRequest;
import io.poolwise.lease.Demand;
import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests of {@link LeaseDemand}.
 */
class LeaseDemandTests {

	private final LeasedPools pools = new LeasedPools((minimum) -> {
	});

	private final List<Demand> told = new ArrayList<>();

	private final AtomicInteger uneven = new AtomicInteger();

	private final LeaseDemand demand = new LeaseDemand(this.pools, this.told::add, this.uneven::incrementAndGet, 0);

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
	void whatOnePoolMayNotHaveIsNotWantedForAnother() {
		this.pools.add(pool("primary", 10, new PoolCounts(10, 0, 10, 90)));
		this.demand.sample(1);
		this.pools.add(pool("reports", 200, PoolCounts.EMPTY));
		this.demand.sample(2);
		assertThat(this.told).containsExactly(Demand.of(11));
	}

	/**
	 * The split leaves them their minimum, so a pool that is short gets nothing of it.
	 */
	@Test
	void minimumOfIdlePoolsIsWantedBesideOneThatWorks() {
		this.pools.serve(true);
		this.pools.add(pool("primary", 5, 40, new PoolCounts(5, 0, 5, 15)));
		this.pools.add(pool("reports", 10, 40, new PoolCounts(10, 10, 0, 0)));
		this.pools.add(pool("archive", 10, 8, new PoolCounts(8, 8, 0, 0)));
		this.demand.sample(1);
		// 20 x 1.25, 10, 8, and one for the coordinator; 20 + 10 + 8 + 1 of that is used
		assertThat(this.told).containsExactly(new Demand(44, 39));
	}

	@Test
	void minimumIsNotWantedByAnInstanceThatIsIdleOrNotServing() {
		this.pools.serve(true);
		this.pools.add(pool("primary", 5, 40, new PoolCounts(5, 5, 0, 0)));
		this.pools.add(pool("reports", 10, 40, new PoolCounts(10, 10, 0, 0)));
		this.demand.sample(1);
		assertThat(this.told).isEmpty();
		this.pools.serve(false);
		this.pools.add(pool("primary", 5, 40, new PoolCounts(5, 1, 4, 0)));
		this.demand.sample(2);
		assertThat(this.told).containsExactly(new Demand(6, 5));
	}

	@Test
	void splitFollowsTheNumberOfSessions() {
		this.pools.add(pool("primary", 40, new PoolCounts(8, 0, 8, 0)));
		this.demand.sample(1);
		assertThat(this.demand.uses(20)).containsOnly(entry("primary", new PoolUse(8, 10)));
		this.pools.add(pool("primary", 40, new PoolCounts(16, 0, 16, 0)));
		this.demand.sample(2);
		assertThat(this.demand.uses(20)).containsOnly(entry("primary", new PoolUse(8, 10)));
		assertThat(this.demand.uses(21)).containsOnly(entry("primary", new PoolUse(16, 20)));
		assertThat(this.uneven).hasValue(0);
	}

	@Test
	void splitChangesAtOnceForAPoolThatLacksMuch() {
		bothIdleWith20();
		this.pools.add(pool("primary", 40, new PoolCounts(10, 0, 10, 20)));
		this.demand.sample(2);
		assertThat(this.uneven).hasValue(1);
		assertThat(this.demand.uses(20).get("primary")).isEqualTo(new PoolUse(30, 38));
		for (int i = 3; i < 30; i++) {
			this.demand.sample(i);
		}
		assertThat(this.uneven).as("nothing more to gain").hasValue(1);
	}

	@Test
	void splitChangesForAPoolThatLacksLittleWhenThatLasts() {
		bothIdleWith20();
		this.pools.add(pool("primary", 40, new PoolCounts(10, 0, 10, 1)));
		for (int i = 2; i <= 6; i++) {
			this.demand.sample(i);
		}
		assertThat(this.uneven).hasValue(0);
		this.demand.sample(7);
		assertThat(this.uneven).hasValue(1);
	}

	@Test
	void splitThatCouldNotBeToldIsToldAgain() {
		AtomicInteger told = new AtomicInteger();
		LeaseDemand failing = new LeaseDemand(this.pools, this.told::add, () -> {
			if (told.incrementAndGet() == 1) {
				throw new OutOfMemoryError("once");
			}
		}, 0);
		this.pools.add(pool("primary", 40, PoolCounts.EMPTY));
		this.pools.add(pool("reports", 40, PoolCounts.EMPTY));
		failing.sample(1);
		assertThat(failing.uses(20).values()).containsOnly(PoolUse.IDLE);
		this.pools.add(pool("primary", 40, new PoolCounts(10, 0, 10, 20)));
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> failing.sample(2));
		assertThat(failing.uses(20).values()).containsOnly(PoolUse.IDLE);
		failing.sample(3);
		assertThat(told).hasValue(2);
		assertThat(failing.uses(20).get("primary")).isEqualTo(new PoolUse(30, 38));
	}

	@Test
	void poolsThatAllLackAreLeftAsTheyAre() {
		bothIdleWith20();
		this.pools.add(pool("primary", 40, new PoolCounts(10, 0, 10, 30)));
		this.pools.add(pool("reports", 40, new PoolCounts(10, 0, 10, 90)));
		for (int i = 2; i < 30; i++) {
			this.demand.sample(i);
		}
		assertThat(this.uneven).hasValue(0);
	}

	private void bothIdleWith20() {
		this.pools.add(pool("primary", 40, PoolCounts.EMPTY));
		this.pools.add(pool("reports", 40, PoolCounts.EMPTY));
		this.demand.sample(1);
		assertThat(this.demand.uses(20).values()).containsOnly(PoolUse.IDLE);
	}

	private static GovernedPool pool(String name, int maxSize, PoolCounts counts) {
		return pool(name, 0, maxSize, counts);
	}

	private static GovernedPool pool(String name, int minSize, int maxSize, PoolCounts counts) {
		Counted pool = new Counted(name, counts);
		BudgetPolicy budget = new BudgetPolicy("pool.database.budget", null, Reserve.parse("10%"), BigDecimal.ONE,
				false);
		return new GovernedPool(pool, pool, new PoolRequest(new PoolDemand(name, minSize, maxSize, 0), false,
				"pool.database.max-size", budget, List.of()));
	}

	private record Counted(String name, PoolCounts counts) implements QuietPool {

	}

}
