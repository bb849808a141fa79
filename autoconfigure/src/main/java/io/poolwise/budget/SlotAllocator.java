package io.poolwise.budget;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Splits the connections that an instance holds by its leases among its pools, by what
 * they use.
 * <p>
 * In this order, each step max-min fair by progressive filling (Bertsekas and Gallager,
 * <em>Data Networks</em>, 6.5.2) until nothing is left: one connection each; the minimum
 * of each pool, up to half of all connections; what each pool uses; the rest of the
 * minimums; headroom; and in the end up to the maximum of each. So a pool that is short
 * never waits beside idle connections above the minimum of another one, and minimums that
 * are too large for all leave half of the connections to those that work.
 * <p>
 * A single connection that is left in a step goes to the lesser name, so the order of the
 * pools doesn't matter.
 */
public final class SlotAllocator {

	private SlotAllocator() {
	}

	/**
	 * Splits connections.
	 * <p>
	 * Example: 84 over six pools of 10 to 50, of which one uses 40 and the others
	 * nothing, is 40 for the one, 9 for four of the others and 8 for the last.
	 * @param connections what the instance may have, at least one a pool
	 * @param pools the pools, with unique names; may be empty
	 * @param uses what they use, by name; a pool without an entry is idle
	 * @return one share a pool, in the same order, each at least 1 and at most its
	 * max-size + max-overflow; together at most {@code connections}, and less only where
	 * all have their maximum
	 * @throws BudgetTooSmallException if there are more pools than connections
	 */
	public static List<PoolShare> split(int connections, List<PoolDemand> pools, Map<String, PoolUse> uses) {
		if (!BudgetAllocator.fits(connections, pools.size())) {
			throw new BudgetTooSmallException(connections, pools, null);
		}
		int[] parts = parts(connections, pools, uses);
		List<PoolShare> shares = new ArrayList<>(parts.length);
		for (int i = 0; i < parts.length; i++) {
			PoolDemand pool = pools.get(i);
			shares.add(PoolShare.of(pool, parts[i], reasons(parts, i, connections, uses(uses, pool))));
		}
		return List.copyOf(shares);
	}

	/**
	 * Returns what a split by other uses would add to a pool that is short: as long as
	 * that is nothing, a split is left as it is, so that loads which vary move no
	 * connections.
	 * @param connections what the instance may have
	 * @param pools the pools
	 * @param uses what they use
	 * @param before the uses that the present split was made by
	 * @return the most that a pool which uses more than it has would gain, in percent of
	 * what it has; 0 if none would
	 */
	public static int gain(int connections, List<PoolDemand> pools, Map<String, PoolUse> uses,
			Map<String, PoolUse> before) {
		if (!BudgetAllocator.fits(connections, pools.size())) {
			return 0;
		}
		int[] present = parts(connections, pools, before);
		int[] next = parts(connections, pools, uses);
		return IntStream.range(0, present.length).map((i) -> {
			int lacking = Math.min(next[i], uses(uses, pools.get(i)).used()) - present[i];
			return (100 * Math.max(0, lacking) + present[i] - 1) / present[i];
		}).max().orElse(0);
	}

	private static int[] parts(int connections, List<PoolDemand> pools, Map<String, PoolUse> uses) {
		List<PoolDemand> ordered = new ArrayList<>(pools);
		ordered.sort(Comparator.comparing(PoolDemand::name));
		int[] parts = new int[ordered.size()];
		Arrays.fill(parts, 1);
		fill(parts, Math.max(parts.length, connections / 2), highest(ordered, PoolDemand::minSize));
		fill(parts, connections, highest(ordered, (pool) -> uses(uses, pool).used()));
		fill(parts, connections, highest(ordered, PoolDemand::minSize));
		fill(parts, connections, highest(ordered, (pool) -> uses(uses, pool).wanted()));
		fill(parts, connections, highest(ordered, (pool) -> Integer.MAX_VALUE));
		return pools.stream().mapToInt((pool) -> parts[ordered.indexOf(pool)]).toArray();
	}

	private static PoolUse uses(Map<String, PoolUse> uses, PoolDemand pool) {
		return uses.getOrDefault(pool.name(), PoolUse.IDLE);
	}

	private static int[] highest(List<PoolDemand> pools, ToIntFunction<PoolDemand> wanted) {
		return pools.stream()
			.mapToInt((pool) -> (int) Math.min(Math.min(wanted.applyAsInt(pool), pool.weight()), Integer.MAX_VALUE))
			.toArray();
	}

	/**
	 * Raises each part to the common level that the total allows, but not above its
	 * highest, and then the first of those at that level by one.
	 */
	private static void fill(int[] parts, int total, int[] highest) {
		int level = level(parts, total, highest);
		for (int i = 0; i < parts.length; i++) {
			parts[i] = filled(parts[i], level, highest[i]);
		}
		long left = total - sum(parts);
		for (int i = 0; i < parts.length && left > 0; i++) {
			if (parts[i] == level && parts[i] < highest[i]) {
				parts[i]++;
				left--;
			}
		}
	}

	private static int level(int[] parts, int total, int[] highest) {
		int fits = 0;
		int most = total;
		while (fits < most) {
			int middle = fits + (most - fits + 1) / 2;
			long sum = 0;
			for (int i = 0; i < parts.length; i++) {
				sum += filled(parts[i], middle, highest[i]);
			}
			if (sum <= total) {
				fits = middle;
			}
			else {
				most = middle - 1;
			}
		}
		return fits;
	}

	private static int filled(int part, int level, int highest) {
		return Math.max(part, Math.min(level, highest));
	}

	private static long sum(int[] parts) {
		return Arrays.stream(parts).asLongStream().sum();
	}

	private static List<String> reasons(int[] parts, int i, int connections, PoolUse use) {
		return (parts.length == 1) ? List.of() : List.of("share: " + parts[i] + " of " + connections + " over "
				+ parts.length + " pools by use (" + use.used() + " in use or waited for)");
	}

}
