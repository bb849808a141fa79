package io.poolwise.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a contender did at least as well as stock.
 *
 * @param reasons in which ways it was worse, empty if it wasn't
 */
record Verdict(List<String> reasons) {

	private static final double QUIET = 8;

	private static final double RECOVERY_SECONDS = 5;

	private static final double START_SECONDS = 8;

	private static final double THROUGHPUT = 0.7;

	Verdict {
		reasons = List.copyOf(reasons);
	}

	/**
	 * Compares with stock. The margins are for noise: two runs of the same contender
	 * differ, too. Where stock fails, a second of requests more or less is chance.
	 */
	static Verdict of(Measurement stock, Measurement other) {
		List<String> reasons = new ArrayList<>();
		long margin = Math
			.round((stock.failed() == 0) ? QUIET : QUIET + Math.max(stock.perSecond(), stock.failed() * 0.05));
		if (other.failed() > stock.failed() + margin) {
			reasons.add(other.failed() + " failed, stock " + stock.failed());
		}
		if (other.cut() > stock.cut()) {
			reasons.add(other.cut() + " cut, stock " + stock.cut());
		}
		if (other.failedStarts() > stock.failedStarts()) {
			reasons.add(other.failedStarts() + " failed starts, stock " + stock.failedStarts());
		}
		if (other.startSeconds() > 2 * stock.startSeconds() + START_SECONDS) {
			reasons.add(String.format(Locale.ROOT, "started after %.0f s, stock %.0f s", other.startSeconds(),
					stock.startSeconds()));
		}
		if (!Double.isNaN(stock.backSeconds())) {
			if (Double.isNaN(other.backSeconds())) {
				reasons.add(String.format(Locale.ROOT, "not back, stock after %.0f s", stock.backSeconds()));
			}
			else if (other.backSeconds() > stock.backSeconds() + RECOVERY_SECONDS) {
				reasons.add(String.format(Locale.ROOT, "back after %.0f s, stock %.0f s", other.backSeconds(),
						stock.backSeconds()));
			}
		}
		if (other.perSecond() < stock.perSecond() * THROUGHPUT) {
			reasons
				.add(String.format(Locale.ROOT, "%.0f operations/s, stock %.0f", other.perSecond(), stock.perSecond()));
		}
		return new Verdict(reasons);
	}

	boolean worse() {
		return !this.reasons.isEmpty();
	}

}
