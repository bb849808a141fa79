package io.poolwise.budget;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link SlotAllocator}.
 */
class SlotAllocatorTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			# connections | min-max of each pool | used of each | share of each
			84 | 10-50,10-50,10-50,10-50,10-50,10-50 | 40,0,0,0,0,0 | 40,9,9,9,9,8
			84 | 10-50,10-50,10-50,10-50,10-50,10-50 | 99,0,0,0,0,0 | 49,7,7,7,7,7
			42 | 10-50,10-50,10-50,10-50,10-50,10-50 | 40,0,0,0,0,0 | 25,4,4,3,3,3
			84 | 10-50,10-50,10-50,10-50,10-50,10-50 | 0,0,0,0,0,0   | 14,14,14,14,14,14
			84 | 5-20,5-20 | 40,0 | 20,20
			24 | 5-20,5-20 | 40,0 | 19,5
			20 | 5-20,5-20 | 40,0 | 15,5
			20 | 5-20,5-20 | 40,40 | 10,10
			20 | 5-20,5-20 | 12,6 | 12,8
			20 | 0-20,0-20 | 40,0 | 19,1
			21 | 0-20,0-20,0-20 | 9,9,9 | 7,7,7
			21 | 0-20,0-20,0-20 | 20,1,4 | 16,1,4
			10 | 0-20 | 0 | 10
			50 | 0-20 | 0 | 20
			3  | 10-50,10-50,10-50 | 40,0,0 | 1,1,1
			""")
	void splitsByUse(int connections, String sizes, String used, String shares) {
		List<PoolDemand> pools = new ArrayList<>();
		Map<String, PoolUse> uses = new HashMap<>();
		String[] ranges = sizes.split(",");
		for (int i = 0; i < ranges.length; i++) {
			String[] range = ranges[i].split("-");
			String name = "pool-" + i;
			pools.add(new PoolDemand(name, Integer.parseInt(range[0]), Integer.parseInt(range[1]), 0));
			int use = Integer.parseInt(used.split(",")[i]);
			uses.put(name, new PoolUse(use, use));
		}
		assertThat(SlotAllocator.split(connections, pools, uses).stream().map(PoolShare::allotment).toList())
			.isEqualTo(List.of(shares.split(",")).stream().map(Integer::valueOf).toList());
	}

	@Test
	void overflowCountsAsWhatAPoolCouldHave() {
		List<PoolShare> shares = SlotAllocator.split(30, List.of(new PoolDemand("a", 2, 10, 5), pool("b", 2, 50)),
				Map.of("a", new PoolUse(90, 99)));
		assertThat(shares.get(0).appliedMax()).isEqualTo(10);
		assertThat(shares.get(0).appliedOverflow()).isEqualTo(5);
		assertThat(shares.get(1).allotment()).isEqualTo(15);
	}

	@Test
	void morePoolsThanConnectionsAreRefused() {
		List<PoolDemand> pools = List.of(pool("a", 0, 5), pool("b", 0, 5));
		assertThatExceptionOfType(BudgetTooSmallException.class)
			.isThrownBy(() -> SlotAllocator.split(1, pools, Map.of()));
		assertThat(SlotAllocator.gain(1, pools, Map.of(), Map.of())).isZero();
	}

	@Test
	void gainIsWhatAPoolLacksAndWouldGet() {
		List<PoolDemand> pools = List.of(pool("a", 0, 40), pool("b", 0, 40));
		Map<String, PoolUse> idle = Map.of();
		// 10 and 10 become 12 and 8, and 19 and 1
		assertThat(SlotAllocator.gain(20, pools, Map.of("a", new PoolUse(12, 15)), idle)).isEqualTo(20);
		assertThat(SlotAllocator.gain(20, pools, Map.of("a", new PoolUse(40, 50)), idle)).isEqualTo(90);
		assertThat(SlotAllocator.gain(20, pools, Map.of("a", new PoolUse(10, 13)), idle)).isZero();
		assertThat(SlotAllocator.gain(20, pools, Map.of("a", new PoolUse(40, 50), "b", new PoolUse(40, 50)), idle))
			.isZero();
	}

	@Test
	void keepsItsPromisesForAnyPools() {
		Random random = new Random(7);
		for (int i = 0; i < 20_000; i++) {
			int count = 1 + random.nextInt(8);
			int connections = count + random.nextInt(120);
			List<PoolDemand> pools = new ArrayList<>();
			Map<String, PoolUse> uses = new HashMap<>();
			for (int k = 0; k < count; k++) {
				pools.add(new PoolDemand("pool-" + k, random.nextInt(15), 1 + random.nextInt(40), random.nextInt(5)));
				int used = random.nextBoolean() ? random.nextInt(50) : 0;
				uses.put("pool-" + k, new PoolUse(used, used + random.nextInt(10)));
			}
			String world = connections + " over " + pools + " with " + uses;
			int[] parts = split(connections, pools, uses);
			long most = pools.stream().mapToLong(PoolDemand::weight).sum();
			int sum = 0;
			for (int k = 0; k < count; k++) {
				assertThat(parts[k]).as(world).isBetween(1, (int) pools.get(k).weight());
				sum += parts[k];
			}
			assertThat(sum).as(world).isEqualTo((int) Math.min(connections, most));
			noPoolLacksBesideIdleConnections(world, connections, pools, uses, parts);
			orderDoesNotMatter(world, connections, pools, uses, parts, random);
			assertThat(SlotAllocator.gain(connections, pools, uses, uses)).as(world).isZero();
		}
	}

	/**
	 * A pool that uses more than it has is beside others with at most one more than it
	 * has, or at their minimum, of which there is half of all connections at most.
	 */
	private static void noPoolLacksBesideIdleConnections(String world, int connections, List<PoolDemand> pools,
			Map<String, PoolUse> uses, int[] parts) {
		int minimums = 0;
		boolean lacking = false;
		for (int k = 0; k < parts.length; k++) {
			PoolDemand pool = pools.get(k);
			int used = uses.get(pool.name()).used();
			if (Math.min(used, pool.weight()) > parts[k]) {
				lacking = true;
				for (int other = 0; other < parts.length; other++) {
					int needed = Math.max(1,
							Math.max(pools.get(other).minSize(), uses.get(pools.get(other).name()).used()));
					assertThat(parts[other]).as(world).isLessThanOrEqualTo(needed);
					if (parts[other] > parts[k] + 1) {
						assertThat(parts[other]).as(world).isLessThanOrEqualTo(pools.get(other).minSize());
					}
				}
			}
			minimums += Math.max(0, parts[k] - Math.max(1, used));
		}
		if (lacking) {
			assertThat(minimums).as(world).isLessThanOrEqualTo(Math.max(parts.length, connections / 2));
		}
	}

	private static void orderDoesNotMatter(String world, int connections, List<PoolDemand> pools,
			Map<String, PoolUse> uses, int[] parts, Random random) {
		List<PoolDemand> shuffled = new ArrayList<>(pools);
		Collections.shuffle(shuffled, random);
		int[] again = split(connections, shuffled, uses);
		for (int k = 0; k < parts.length; k++) {
			assertThat(again[shuffled.indexOf(pools.get(k))]).as(world).isEqualTo(parts[k]);
		}
	}

	private static int[] split(int connections, List<PoolDemand> pools, Map<String, PoolUse> uses) {
		return SlotAllocator.split(connections, pools, uses).stream().mapToInt(PoolShare::allotment).toArray();
	}

	private static PoolDemand pool(String name, int min, int max) {
		return new PoolDemand(name, min, max, 0);
	}

}
