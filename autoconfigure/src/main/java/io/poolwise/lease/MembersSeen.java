package io.poolwise.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many instances a fleet may have: the most that were seen within a while. More count
 * at once, fewer only after a while, since an instance that lost its coordinator session
 * is not seen until it is back, and works on. What the last look saw stands until the
 * next one, however long that is.
 * <p>
 * Immutable and thread-safe.
 *
 * @param looks each look that saw more than all later ones; the last one is the last look
 */
public record MembersSeen(List<Look> looks) {

	/** How long members count that are not seen any more. */
	public static final Duration WHILE = Duration.ofSeconds(30);

	/** Nobody was seen yet. */
	public static final MembersSeen NONE = new MembersSeen(List.of());

	/** Copies the looks. */
	public MembersSeen {
		looks = List.copyOf(looks);
	}

	/**
	 * What a look saw.
	 *
	 * @param members members, at least 1
	 * @param until when the next look saw something else, in nanoseconds
	 */
	public record Look(int members, long until) {
	}

	/**
	 * Takes in what a look saw, or what the last look saw and still stands.
	 * @param members members, at least 1
	 * @param now the time in nanoseconds, of the same monotonic clock
	 * @return what to reckon with from now on
	 */
	public MembersSeen see(int members, long now) {
		List<Look> next = new ArrayList<>(this.looks);
		int last = next.size() - 1;
		if (last >= 0) {
			next.set(last, new Look(next.get(last).members(), now));
		}
		next.removeIf((look) -> look.members() <= members || now - look.until() >= WHILE.toNanos());
		next.add(new Look(members, now));
		return new MembersSeen(next);
	}

	/**
	 * The members to reckon with.
	 * @return how many, 0 before any was seen
	 */
	public int most() {
		return this.looks.isEmpty() ? 0 : this.looks.get(0).members();
	}

}
