package io.poolwise.lease;

import java.util.Map;

/**
 * What a member concluded from the last snapshot.
 *
 * @param slots the slots of the fleet: the smallest number that a visible member believes
 * @param target this member's share
 * @param keep the slots to shrink to, {@link #ALL} while nobody is hungry
 * @param hungry whether this member holds less than its target
 * @param starved whether it is hungry and too little was free
 * @param urgent whether a hint from the others is worth a snapshot soon, because slots
 * could have to be given up
 * @param gap how far apart hinted snapshots are kept, in nanoseconds: the whole fleet
 * reads at each hint
 * @param at when the snapshot arrived, in nanoseconds
 * @param above since when each member that could not shrink is above its share
 */
record Share(int slots, int target, int keep, boolean hungry, boolean starved, boolean urgent, long gap, long at,
		Map<Long, Long> above) {

	static final int ALL = Integer.MAX_VALUE;

	static Share unknown(int slots) {
		return new Share(slots, FairShare.LEAST, ALL, true, true, true, 0, 0, Map.of());
	}

	Share hungry(boolean now) {
		return new Share(this.slots, this.target, this.keep, now, this.starved && now, this.urgent, this.gap, this.at,
				this.above);
	}

}
