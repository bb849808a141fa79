package io.poolwise.lease;

import java.util.Map;
import java.util.Set;

/**
 * What a member concluded from the last snapshot.
 *
 * @param slots the slots that this member may use, from 1 on
 * @param target this member's share
 * @param guaranteed the slots that this member is sure of, whatever the others want;
 * {@link #ALL} before any look with the present minimum
 * @param keep the slots to shrink to, {@link #ALL} while nobody is hungry
 * @param low the slots that are given back first, 1 to this: members that have no others
 * lack some; 0 if none do
 * @param yielded how many of those to give back, though the share is larger
 * @param wanted slots to take of those that are free: what it lacks, and what nobody
 * lacks
 * @param starved whether it lacks more than is free
 * @param urgent whether a hint from the others is worth a snapshot soon, because slots
 * could have to be given up
 * @param members the members of the fleet, this one among them, 0 while unknown
 * @param at when the snapshot arrived, in nanoseconds
 * @param above since when each member that could not shrink is above its share
 * @param announced the slots that each of the others announced, by its number
 */
record Share(int slots, int target, int guaranteed, int keep, int low, int yielded, int wanted, boolean starved,
		boolean urgent, int members, long at, Map<Long, Long> above, Map<Long, Integer> announced) {

	static final int ALL = Integer.MAX_VALUE;

	/** The cost of one snapshot a slot, times the part of a core it may take. */
	private static final long SNAPSHOT_GAP_NANOS = 8_000;

	/** As much, of the fleet's looks at whether anything has changed. */
	private static final long POLL_GAP_NANOS = 40_000_000;

	private static final long MOST_POLL_GAP_NANOS = 3_000_000_000L;

	static Share unknown(int slots) {
		return new Share(slots, FairShare.LEAST, ALL, ALL, 0, 0, FairShare.LEAST, true, true, 0, 0, Map.of(), Map.of());
	}

	/**
	 * How far apart hinted snapshots are kept: the whole fleet reads at each hint.
	 * @return nanoseconds
	 */
	long gap() {
		return this.members * (long) this.slots * SNAPSHOT_GAP_NANOS;
	}

	/**
	 * How far apart a member's looks are kept while it misses nothing, so that those of a
	 * large fleet cost no more together than those of a small one.
	 * @return nanoseconds, at most 3 s
	 */
	long pollGap() {
		return Math.min(MOST_POLL_GAP_NANOS, this.members * POLL_GAP_NANOS);
	}

	/**
	 * Whether a look was made with the present minimum.
	 */
	boolean sure() {
		return this.guaranteed != ALL;
	}

	/**
	 * The same, but for what the member is sure of.
	 */
	Share unsure() {
		return new Share(this.slots, this.target, ALL, this.keep, this.low, this.yielded, this.wanted, this.starved,
				this.urgent, this.members, this.at, this.above, this.announced);
	}

	/**
	 * The same, but for a slot to pay with.
	 */
	Share wantingOneMore() {
		return new Share(this.slots, this.target, this.guaranteed, this.keep, this.low, this.yielded, this.wanted + 1,
				this.starved, this.urgent, this.members, this.at, this.above, this.announced);
	}

	boolean hungry() {
		return this.wanted > 0;
	}

	/**
	 * The same after some slots have been given back.
	 */
	Share given(Set<Integer> slots) {
		int lower = (int) slots.stream().filter((slot) -> slot <= this.low).count();
		return new Share(this.slots, this.target, this.guaranteed, this.keep, this.low,
				Math.max(0, this.yielded - lower), this.wanted, this.starved, this.urgent, this.members, this.at,
				this.above, this.announced);
	}

	/**
	 * The same after some of what was wanted has been taken.
	 */
	Share taken(int slots) {
		int left = Math.max(0, this.wanted - slots);
		return new Share(this.slots, this.target, this.guaranteed, this.keep, this.low, this.yielded, left,
				this.starved && left > 0, this.urgent, this.members, this.at, this.above, this.announced);
	}

}
