package io.poolwise.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.poolwise.advice.UsageSample;
import io.poolwise.pool.PoolCounts;
import org.jspecify.annotations.Nullable;

/**
 * The last samples of one pool, in columns: nothing is left for the garbage collector.
 * Not safe for several threads.
 */
final class UsageRing {

	private final int capacity;

	private final int[] size;

	private final int[] free;

	private final int[] used;

	private final int[] pending;

	private final long[] completed;

	private final long[] heldNanos;

	private final long[] waitedNanos;

	private @Nullable UsageTotals last;

	private int next;

	private int length;

	/**
	 * Creates an empty ring.
	 * @param capacity how many it keeps, at least 1
	 */
	UsageRing(int capacity) {
		this.capacity = capacity;
		this.size = new int[capacity];
		this.free = new int[capacity];
		this.used = new int[capacity];
		this.pending = new int[capacity];
		this.completed = new long[capacity];
		this.heldNanos = new long[capacity];
		this.waitedNanos = new long[capacity];
	}

	/**
	 * Takes the newest sample in, in the place of the oldest where it is full.
	 * @param counts the pool at this moment
	 * @param totals what its callers did since its start, {@code null} where nobody
	 * measures it
	 */
	void add(PoolCounts counts, @Nullable UsageTotals totals) {
		UsageTotals before = this.last;
		UsageTotals added = (totals != null && before != null) ? totals.since(before) : UsageTotals.ZERO;
		this.last = totals;
		this.size[this.next] = counts.size();
		this.free[this.next] = counts.free();
		this.used[this.next] = counts.used();
		this.pending[this.next] = counts.pending();
		this.completed[this.next] = added.completed();
		this.heldNanos[this.next] = added.heldNanos();
		this.waitedNanos[this.next] = added.waitedNanos();
		this.next = (this.next + 1) % this.capacity;
		this.length = Math.min(this.length + 1, this.capacity);
	}

	/**
	 * A sample was missed: what callers do until the next one is of more than one
	 * interval, and counts for none.
	 */
	void skip() {
		this.last = null;
	}

	/**
	 * The samples that are kept.
	 * @return oldest first
	 */
	List<UsageSample> samples() {
		return last(this.capacity)
			.mapToObj((i) -> new UsageSample(this.used[i], this.pending[i], this.completed[i],
					Duration.ofNanos(this.heldNanos[i]), Duration.ofNanos(this.waitedNanos[i])))
			.toList();
	}

	/**
	 * The newest counts, a list of numbers each.
	 * @param most how many at most
	 * @return {@code size}, {@code free}, {@code used} and {@code pending}, oldest first
	 */
	Map<String, List<Integer>> series(int most) {
		Map<String, List<Integer>> series = new LinkedHashMap<>();
		series.put("size", column(this.size, most));
		series.put("free", column(this.free, most));
		series.put("used", column(this.used, most));
		series.put("pending", column(this.pending, most));
		return series;
	}

	private List<Integer> column(int[] column, int most) {
		return last(most).map((i) -> column[i]).boxed().toList();
	}

	private IntStream last(int most) {
		int shown = Math.min(most, this.length);
		int first = this.next - shown + this.capacity;
		return IntStream.range(0, shown).map((i) -> (first + i) % this.capacity);
	}

}
