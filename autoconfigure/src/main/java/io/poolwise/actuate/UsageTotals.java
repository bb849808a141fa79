package io.poolwise.actuate;

/**
 * What the callers of a pool did since its start, in sums that only grow. Times of uses
 * are in whole milliseconds each, rounded down.
 *
 * @param completed uses that have ended
 * @param heldNanos how long these held their connections, in nanoseconds
 * @param waitedNanos how long callers waited until they had one, in nanoseconds
 */
public record UsageTotals(long completed, long heldNanos, long waitedNanos) {

	/**
	 * Nothing yet.
	 */
	static final UsageTotals ZERO = new UsageTotals(0, 0, 0);

	/**
	 * What was added since an earlier reading.
	 * @param earlier the earlier sums
	 * @return the difference; nothing if these are not later sums of the same meter
	 */
	UsageTotals since(UsageTotals earlier) {
		boolean grown = this.completed >= earlier.completed && this.heldNanos >= earlier.heldNanos
				&& this.waitedNanos >= earlier.waitedNanos;
		return grown ? new UsageTotals(this.completed - earlier.completed, this.heldNanos - earlier.heldNanos,
				this.waitedNanos - earlier.waitedNanos) : ZERO;
	}

}
