package io.poolwise.lease;

/**
 * What a member tells the others through its coordinator session.
 *
 * @param member the member's number, random, the same for as long as the instance lives
 * @param slots the member's own limit: it uses the slots from 1 to this
 * @param demand slots that it could use now, its paying one included
 * @param minimumSize connections that it wants to keep open when idle
 * @param calls raised each time that it lacks more than is free: a change makes those
 * above their share look
 */
public record Announcement(long member, int slots, Demand demand, int minimumSize, int calls) {

	/** Above all numbers that members choose for themselves. */
	public static final long MEMBERS = 1L << 40;

	/**
	 * The announcement of a member whose version is not understood: it keeps what it
	 * holds, and lacks nothing.
	 * @param mark what tells its session from others, at least 0
	 * @param held slots that it owns
	 * @return what to reckon with
	 */
	public static Announcement unread(long mark, int held) {
		return new Announcement(MEMBERS + mark, Integer.MAX_VALUE, Demand.of(Math.max(FairShare.LEAST, held)), 0, 0);
	}

}
