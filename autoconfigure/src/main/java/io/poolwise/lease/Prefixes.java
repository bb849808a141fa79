package io.poolwise.lease;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

import io.poolwise.lease.FairShare.Claim;

/**
 * The slots from 1 on up to each limit that a member of the fleet has: the members with
 * this or a lower limit have no others.
 */
final class Prefixes {

	/** The limits of the members, each once, ascending. */
	private final int[] limits;

	/** Which of the limits each claim has. */
	private final int[] index;

	Prefixes(List<Claim> claims) {
		this.limits = claims.stream().mapToInt(Claim::slots).sorted().distinct().toArray();
		this.index = claims.stream().mapToInt((claim) -> Arrays.binarySearch(this.limits, claim.slots())).toArray();
	}

	int count() {
		return this.limits.length;
	}

	int limit(int prefix) {
		return this.limits[prefix];
	}

	/** The narrowest prefix that has all slots of a claim. */
	int of(int claim) {
		return this.index[claim];
	}

	/** A number for each prefix. */
	int[] each(IntUnaryOperator ofLimit) {
		return Arrays.stream(this.limits).map(ofLimit).toArray();
	}

	/** Sums a number of each claim up, for each prefix over the claims that are in it. */
	int[] sums(IntUnaryOperator ofClaim) {
		int[] sums = new int[this.limits.length];
		for (int claim = 0; claim < this.index.length; claim++) {
			sums[this.index[claim]] += ofClaim.applyAsInt(claim);
		}
		Arrays.parallelPrefix(sums, Integer::sum);
		return sums;
	}

	/** The least number of the prefixes that a claim is in. */
	int least(int[] numbers, int claim) {
		int least = Integer.MAX_VALUE;
		for (int prefix = this.index[claim]; prefix < numbers.length; prefix++) {
			least = Math.min(least, numbers[prefix]);
		}
		return least;
	}

	/** The {@linkplain #least least} number for each claim. */
	int[] leastOfEach(int[] numbers) {
		int[] least = numbers.clone();
		for (int prefix = least.length - 2; prefix >= 0; prefix--) {
			least[prefix] = Math.min(least[prefix], least[prefix + 1]);
		}
		return Arrays.stream(this.index).map((prefix) -> least[prefix]).toArray();
	}

	/** Takes slots of a claim from each prefix that it is in. */
	void take(int[] numbers, int claim, int slots) {
		for (int prefix = this.index[claim]; prefix < numbers.length; prefix++) {
			numbers[prefix] -= slots;
		}
	}

}
