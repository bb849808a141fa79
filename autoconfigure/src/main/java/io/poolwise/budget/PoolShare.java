package io.poolwise.budget;

import java.util.ArrayList;
import java.util.List;

/**
 * What one pool of an instance may have.
 *
 * @param name the pool's name
 * @param allotment the pool's part of the instance's allotment, at least 1 and at most
 * its max-size + max-overflow
 * @param appliedMin the connections kept open when idle, from 0 to the applied maximum
 * @param appliedMax the most connections in ordinary operation, at least 1
 * @param appliedOverflow the burst connections above the applied maximum, 0 or more; with
 * the maximum never above the allotment
 * @param reasons how the pool's part was derived, in order; may be empty
 */
public record PoolShare(String name, int allotment, int appliedMin, int appliedMax, int appliedOverflow,
		List<String> reasons) {

	public PoolShare {
		Numbers.requireAtLeast(1, allotment, "The allotment of " + name);
		Numbers.requireAtLeast(0, appliedMin, "The minimum of " + name);
		Numbers.requireAtLeast(1, appliedMax, "The maximum of " + name);
		Numbers.requireAtLeast(0, appliedOverflow, "The overflow of " + name);
		if (appliedMin > appliedMax || (long) appliedMax + appliedOverflow > allotment) {
			throw new IllegalArgumentException("The sizes of " + name + " don't fit: minimum " + appliedMin
					+ ", maximum " + appliedMax + ", overflow " + appliedOverflow + ", allotment " + allotment);
		}
		reasons = List.copyOf(reasons);
	}

	/**
	 * Fits a pool into its part of the allotment: applied maximum = min(configured
	 * maximum, part), applied minimum = min(configured minimum, applied maximum), and the
	 * overflow gets what is left.
	 */
	static PoolShare of(PoolDemand demand, int allotment, List<String> reasons) {
		int max = Math.min(demand.maxSize(), allotment);
		int overflow = Math.min(demand.maxOverflow(), allotment - max);
		int min = Math.min(demand.minSize(), max);
		List<String> all = new ArrayList<>(reasons);
		note("max-size", demand.maxSize(), max, all);
		note("max-overflow", demand.maxOverflow(), overflow, all);
		note("min-size", demand.minSize(), min, all);
		return new PoolShare(demand.name(), allotment, min, max, overflow, all);
	}

	private static void note(String key, int requested, int applied, List<String> reasons) {
		if (applied < requested) {
			reasons.add(key + " " + requested + " cut to " + applied);
		}
	}

}
