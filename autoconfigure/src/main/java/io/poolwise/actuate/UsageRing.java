package io.poolwise.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import io.poolwise.pool.PoolCounts;

/**
 * The last counts of one pool. Not safe for several threads.
 */
final class UsageRing {

	private final PoolCounts[] counts;

	private int next;

	private int length;

	/**
	 * Creates an empty ring.
	 * @param capacity how many it keeps, at least 1
	 */
	UsageRing(int capacity) {
		this.counts = new PoolCounts[capacity];
	}

	/**
	 * Takes the newest counts in, in the place of the oldest where it is full.
	 * @param newest the counts
	 */
	void add(PoolCounts newest) {
		this.counts[this.next] = newest;
		this.next = (this.next + 1) % this.counts.length;
		this.length = Math.min(this.length + 1, this.counts.length);
	}

	/**
	 * The newest counts.
	 * @param most how many at most
	 * @return oldest first
	 */
	List<PoolCounts> last(int most) {
		int shown = Math.min(most, this.length);
		int first = this.next - shown + this.counts.length;
		return IntStream.range(0, shown).mapToObj((i) -> this.counts[(first + i) % this.counts.length]).toList();
	}

	/**
	 * The newest counts, a list of numbers each.
	 * @param most how many at most
	 * @return {@code size}, {@code free}, {@code used} and {@code pending}, oldest first
	 */
	Map<String, List<Integer>> series(int most) {
		List<PoolCounts> shown = last(most);
		Map<String, List<Integer>> series = new LinkedHashMap<>();
		series.put("size", column(shown, PoolCounts::size));
		series.put("free", column(shown, PoolCounts::free));
		series.put("used", column(shown, PoolCounts::used));
		series.put("pending", column(shown, PoolCounts::pending));
		return series;
	}

	private static List<Integer> column(List<PoolCounts> counts, ToIntFunction<PoolCounts> column) {
		return counts.stream().map(column::applyAsInt).toList();
	}

}
