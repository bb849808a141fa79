package io.poolwise.lease;

import java.time.Duration;

/**
 * How many instances a fleet may have: the most that were seen within a while. More count
 * at once, fewer only when all looks of a while saw fewer, since an instance that lost
 * its coordinator session is not seen until it is back, and works on. What the last look
 * saw stands until the next one, however long that is.
 * <p>
 * Immutable and thread-safe.
 *
 * @param most the number to reckon with, at least 0
 * @param since when fewer were first seen, in nanoseconds; means nothing before that
 * @param next the most that were seen since then, less than {@code most}; 0 if none of
 * the looks saw fewer
 */
public record MembersSeen(int most, long since, int next) {

	/** How long members count that are not seen any more. */
	public static final Duration WHILE = Duration.ofSeconds(30);

	/** Nobody was seen yet. */
	public static final MembersSeen NONE = new MembersSeen(0, 0, 0);

	/**
	 * Takes in what a look saw, or what the last look saw and still stands.
	 * @param members members, at least 1
	 * @param now the time in nanoseconds, of the same monotonic clock
	 * @return what to reckon with from now on
	 */
	public MembersSeen see(int members, long now) {
		if (members >= this.most) {
			return new MembersSeen(members, now, 0);
		}
		if (this.next == 0) {
			return new MembersSeen(this.most, now, members);
		}
		int seen = Math.max(this.next, members);
		return (now - this.since >= WHILE.toNanos()) ? new MembersSeen(seen, now, 0)
				: new MembersSeen(this.most, this.since, seen);
	}

}
