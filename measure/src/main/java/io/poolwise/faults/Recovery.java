package io.poolwise.faults;

import java.util.List;

/**
 * When operations succeed again after a fault.
 */
final class Recovery {

	private static final long SECOND = 1_000_000_000L;

	/**
	 * Of the successes a second before the fault, from which on a second counts as good.
	 */
	private static final double ENOUGH = 0.4;

	private Recovery() {
	}

	/**
	 * The seconds from the end of a fault to the first second without a failure that
	 * stays, up to a moment. A second with few successes isn't good either: callers that
	 * hang don't fail.
	 * @param operations all operations so far
	 * @param begin when the fault began
	 * @param end when it ended
	 * @param until the moment
	 * @return whole seconds, or {@link Double#NaN} if the last second isn't good
	 */
	static double seconds(List<Operation> operations, long begin, long end, long until) {
		int count = (int) ((until - end) / SECOND);
		if (count < 1) {
			return Double.NaN;
		}
		int[] failures = new int[count];
		int[] successes = new int[count];
		long before = 0;
		long first = begin;
		for (Operation operation : operations) {
			if (operation.kind() != Operation.Kind.STEADY) {
				continue;
			}
			first = Math.min(first, operation.start());
			if (operation.end() < begin && !operation.failed()) {
				before++;
			}
			long at = (operation.end() - end) / SECOND;
			if (operation.end() >= end && at < count) {
				if (operation.failed()) {
					failures[(int) at]++;
				}
				else {
					successes[(int) at]++;
				}
			}
		}
		double usual = (begin - first > SECOND / 2) ? before / ((begin - first) / (double) SECOND) : 0;
		double enough = Math.max(1, usual * ENOUGH);
		int good = count;
		while (good > 0 && failures[good - 1] == 0 && successes[good - 1] >= enough) {
			good--;
		}
		return (good == count) ? Double.NaN : good;
	}

}
