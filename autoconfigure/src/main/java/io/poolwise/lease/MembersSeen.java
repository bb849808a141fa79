package io.poolwise.lease;

import java.time.Duration;

/**
 * How many instances a fleet may have: the most that were seen within a while. More count
 * at once, fewer only when none of the last looks saw more, since an instance that lost
 * its coordinator session is not seen until it is back, and works on.
 * <p>
 * Immutable and thread-safe.
 *
 * @param most the number to reckon with, at least 0
 * @param since when that many were last seen, in nanoseconds
 * @param next the most that were seen after that, at most {@code most}
 */
public record MembersSeen(int most, long since, int next) {

	/** How long members count that are not seen any more. */
	public static final Duration WHILE = Duration.ofSeconds(30);

	/** Nobody was seen yet. */
	public static final MembersSeen NONE = new MembersSeen(0, 0, 0);

	/**
	 * Takes in what a look saw.
	 * @param members members, at least 1
	 * @param now the time in nanoseconds, of the same monotonic clock
	 * @return what to reckon with from now on
	 */
	public MembersSeen see(int members, long now) {
		if (members >= this.most) {
			return new MembersSeen(members, now, 0);
		}
		int seen = Math.max(this.next, members);
		return (now - this.since >= WHILE.toNanos()) ? new MembersSeen(seen, now, 0)
				: new MembersSeen(this.most, this.since, seen);
	}

}
