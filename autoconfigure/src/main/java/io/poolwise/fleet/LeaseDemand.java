package io.poolwise.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.PoolUse;
import io.poolwise.budget.SlotAllocator;
import io.poolwise.governor.GovernedPool;
import io.poolwise.lease.Demand;
import io.poolwise.lease.DemandEstimator;
import io.poolwise.pool.PoolCounts;

/**
 * What the pools of this instance use and could use on one server: in sum for the fleet,
 * one by one for the split of what the instance holds. Sampled by one thread at a time;
 * {@link #uses} is safe for any thread.
 */
final class LeaseDemand {

	/** Looks for which what is there has to do for those who wait. */
	private static final int PATIENCE = 5;

	/** A gain for which the split changes at once, in percent of what a pool has. */
	private static final int LARGE_GAIN = 20;

	private final LeasedPools pools;

	private final Consumer<Demand> listener;

	private final Runnable uneven;

	private final Map<String, DemandEstimator> estimators = new HashMap<>();

	private volatile Map<String, PoolUse> uses = Map.of();

	private final AtomicReference<Split> split = new AtomicReference<>(new Split(0, Map.of()));

	private Demand told;

	/** Looks in a row that found somebody waiting. */
	private int waited;

	/** Looks in a row that found nobody waiting. */
	private int calm = PATIENCE;

	/** Looks in a row in which another split would have been better. */
	private int lacked;

	/**
	 * Creates the estimate of an instance that has done nothing.
	 * @param pools the pools
	 * @param listener told the demand
	 * @param uneven called when the pools should be given what they have in another
	 * split, see {@link #uses}
	 * @param now the time in nanoseconds
	 */
	LeaseDemand(LeasedPools pools, Consumer<Demand> listener, Runnable uneven, long now) {
		this.pools = pools;
		this.listener = listener;
		this.uneven = uneven;
		this.told = DemandEstimator.startingAt(now).demand();
	}

	/**
	 * What the pools use, as of the last time that it mattered: it changes with the
	 * number of sessions, and when a pool lacks what others have and don't use.
	 * @param sessions what the pools may have in sum
	 * @return the use of each pool, by name
	 */
	Map<String, PoolUse> uses(int sessions) {
		return this.split
			.updateAndGet((split) -> (split.sessions() != sessions) ? new Split(sessions, this.uses) : split)
			.uses();
	}

	/**
	 * Looks at the pools; to be done every 100 ms or so.
	 * @param now the time in nanoseconds
	 */
	void sample(long now) {
		List<PoolDemand> requests = new ArrayList<>();
		Map<String, PoolUse> uses = new HashMap<>();
		boolean waiting = false;
		for (GovernedPool pool : this.pools.all()) {
			PoolDemand request = pool.request().demand();
			PoolCounts counts = pool.pool().counts();
			requests.add(request);
			uses.put(request.name(), use(request, counts, now));
			waiting |= counts.pending() > 0;
		}
		this.estimators.keySet().retainAll(uses.keySet());
		this.uses = Collections.unmodifiableMap(uses);
		this.waited = waiting ? this.waited + 1 : 0;
		this.calm = waiting ? 0 : this.calm + 1;
		tell(demand(requests, uses));
		balance(requests, uses);
	}

	private PoolUse use(PoolDemand request, PoolCounts counts, long now) {
		DemandEstimator estimator = this.estimators.getOrDefault(request.name(), DemandEstimator.startingAt(now))
			.observe(now, counts.used(), counts.pending());
		this.estimators.put(request.name(), estimator);
		// one is for the coordinator, which each pool's estimate has
		Demand demand = estimator.demand();
		int most = (int) Math.min(request.weight(), Integer.MAX_VALUE);
		return new PoolUse(Math.min(demand.used() - 1, most), Math.min(demand.slots() - 1, most));
	}

	/**
	 * What the instance could use: what its pools could, and beside a pool that works the
	 * minimum of the others, which the split leaves them.
	 */
	private Demand demand(List<PoolDemand> requests, Map<String, PoolUse> uses) {
		int busiest = uses.values().stream().mapToInt(PoolUse::used).max().orElse(0);
		boolean besides = busiest > 0 && this.pools.serving();
		int slots = 1;
		int used = 1;
		for (PoolDemand request : requests) {
			PoolUse use = uses.getOrDefault(request.name(), PoolUse.IDLE);
			int minimum = (besides && use.used() < busiest) ? (int) Math.min(request.minSize(), request.weight()) : 0;
			slots += Math.max(use.wanted(), minimum);
			used += Math.max(use.used(), (this.calm < PATIENCE) ? minimum : 0);
		}
		// what is there can't be used: it is of sessions that end
		return (this.waited > PATIENCE) ? Demand.of(slots) : new Demand(slots, used);
	}

	private void tell(Demand demand) {
		if (!demand.equals(this.told)) {
			this.told = demand;
			this.listener.accept(demand);
		}
	}

	/**
	 * Has the split follow the uses where somebody gains by that: at once by much, else
	 * when that lasts.
	 */
	private void balance(List<PoolDemand> requests, Map<String, PoolUse> uses) {
		Split split = Objects.requireNonNull(this.split.get());
		int gain = SlotAllocator.gain(split.sessions(), requests, uses, split.uses());
		this.lacked = (gain > 0) ? this.lacked + 1 : 0;
		if (gain < LARGE_GAIN && this.lacked <= PATIENCE) {
			return;
		}
		Split better = new Split(split.sessions(), this.uses);
		if (this.split.compareAndSet(split, better)) {
			boolean done = false;
			try {
				this.uneven.run();
				done = true;
				this.lacked = 0;
			}
			finally {
				if (!done) {
					this.split.compareAndSet(better, split);
				}
			}
		}
	}

	/**
	 * What the present split among the pools follows from.
	 */
	private record Split(int sessions, Map<String, PoolUse> uses) {
	}

}
