package io.poolwise.budget;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Splits the allotment of one instance among its pools on one server.
 * <p>
 * In proportion to max-size + max-overflow, by the largest remainder (Hamilton's method
 * of apportionment). A pool whose part would be below 1 gets 1 and the others split the
 * rest; a pool never gets more than it could use. Equal remainders go to the larger pool,
 * then to the lesser name, so the order of the pools doesn't matter.
 * <p>
 * Known property of the largest remainder: with three pools or more, a larger allotment
 * can give one of them 1 connection less (the Alabama paradox). The sum never falls.
 */
public final class BudgetAllocator {

	private BudgetAllocator() {
	}

	/**
	 * Returns whether an allotment gives each of so many pools at least one connection;
	 * if not, the instance is overcommitted.
	 * @param allotment the connections of the instance
	 * @param pools the number of its pools
	 * @return whether {@link #split(int, List)} would succeed
	 */
	public static boolean fits(int allotment, int pools) {
		return allotment >= pools;
	}

	/**
	 * Splits an allotment with a known derivation, which a refusal then carries.
	 * @param allotment what the instance may open
	 * @param pools the pools, with unique names; may be empty
	 * @return one share a pool, in the same order
	 * @throws BudgetTooSmallException if there are more pools than connections
	 * @throws IllegalArgumentException if two pools have the same name
	 */
	public static List<PoolShare> split(Allotment allotment, List<PoolDemand> pools) {
		return split(allotment.connections(), pools, allotment);
	}

	/**
	 * Splits an allotment.
	 * <p>
	 * Example: 21 over pools of 50 and 20 is 15 and 6.
	 * @param allotment what the instance may open, in connections, 0 or more
	 * @param pools the pools, with unique names; may be empty
	 * @return one share a pool, in the same order; together at most the allotment
	 * @throws BudgetTooSmallException if there are more pools than connections
	 * @throws IllegalArgumentException if the allotment is negative, or two pools have
	 * the same name
	 */
	public static List<PoolShare> split(int allotment, List<PoolDemand> pools) {
		return split(allotment, pools, null);
	}

	private static List<PoolShare> split(int allotment, List<PoolDemand> pools, @Nullable Allotment derivation) {
		Numbers.requireAtLeast(0, allotment, "An allotment");
		requireUniqueNames(pools);
		if (!fits(allotment, pools.size())) {
			throw new BudgetTooSmallException(allotment, pools, derivation);
		}
		List<Part> parts = pools.stream().map(Part::new).toList();
		long weights = parts.stream().mapToLong(Part::weight).sum();
		if (weights <= allotment) {
			parts.forEach(Part::takeAll);
		}
		else {
			splitByWeight(allotment, parts);
		}
		List<PoolShare> shares = new ArrayList<>(parts.size());
		for (Part part : parts) {
			shares.add(PoolShare.of(part.demand, part.connections, part.reasons(allotment, weights, parts.size())));
		}
		return List.copyOf(shares);
	}

	private static void requireUniqueNames(List<PoolDemand> pools) {
		Set<String> names = new HashSet<>();
		for (PoolDemand pool : pools) {
			if (!names.add(pool.name())) {
				throw new IllegalArgumentException("Two pools are named " + pool.name());
			}
		}
	}

	private static void splitByWeight(int allotment, List<Part> parts) {
		List<Part> open = new ArrayList<>(parts);
		long rest = allotment;
		long weights = open.stream().mapToLong(Part::weight).sum();
		while (true) {
			List<Part> small = new ArrayList<>();
			for (Part part : open) {
				if (part.weight() * rest < weights) {
					small.add(part);
				}
			}
			if (small.isEmpty()) {
				break;
			}
			// What lifts the small ones to 1 is missing for the others, which can
			// make the next ones small: so again, until none is.
			for (Part part : small) {
				part.connections = 1;
				rest -= 1;
				weights -= part.weight();
			}
			open.removeAll(small);
		}
		distribute(rest, weights, open);
	}

	private static void distribute(long rest, long weights, List<Part> open) {
		long left = rest;
		for (Part part : open) {
			// At most (2^31 - 1) x 2 (2^31 - 1), which a long holds.
			long product = part.weight() * rest;
			part.connections = (int) (product / weights);
			part.remainder = product % weights;
			left -= part.connections;
		}
		List<Part> ranked = new ArrayList<>(open);
		ranked.sort(Comparator.comparingLong((Part part) -> part.remainder)
			.reversed()
			.thenComparing(Comparator.comparingLong(Part::weight).reversed())
			.thenComparing((Part part) -> part.demand.name()));
		for (Part part : ranked.subList(0, (int) left)) {
			part.connections++;
		}
	}

	/**
	 * A pool while the allotment is being split.
	 */
	private static final class Part {

		private final PoolDemand demand;

		private int connections;

		private long remainder;

		private Part(PoolDemand demand) {
			this.demand = demand;
		}

		private long weight() {
			return this.demand.weight();
		}

		private void takeAll() {
			this.connections = (int) weight();
		}

		private List<String> reasons(int allotment, long weights, int pools) {
			if (pools == 1) {
				return List.of();
			}
			return List.of("share of " + this.demand.name() + ": " + this.connections + " of " + allotment + " (weight "
					+ weight() + " of " + weights + " over " + pools + " pools)");
		}

	}

}
