package io.poolwise.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Divides the slots of a fleet among its members: max-min fair over demand, with a
 * guaranteed minimum.
 * <p>
 * Every member computes the same function of the same snapshot, so nobody has to be told
 * its share. A share never exceeds the demand: what nobody wants stays free, where a
 * member that warms up takes it in one round trip and nobody has to give anything back.
 * <p>
 * The level is that of "progressive filling" (Bertsekas and Gallager, <em>Data
 * Networks</em>, 6.5.2), in whole slots: each share is
 * {@code clamp(level, minimum, demand)} for the highest level that fits, and what is left
 * goes one by one to the members at the level, in a stable order.
 * <p>
 * Thread-safe: it has no state.
 */
public final class FairShare {

	/**
	 * The least a member can work with, in slots: one that pays for its coordinator and
	 * one for a connection.
	 */
	public static final int LEAST = 2;

	private static final Comparator<Claim> STABLE = Comparator.comparing(Claim::paid)
		.reversed()
		.thenComparingLong(Claim::member);

	private FairShare() {
	}

	/**
	 * What one member wants and has.
	 *
	 * @param member the number that stands for the member in every snapshot, different
	 * for each; orders members that are alike
	 * @param demand slots that it could use now, its paying one included
	 * @param minimumSize connections that it wants to keep open when idle, at least 0
	 * @param held slots that it holds, at least 0
	 * @param paid whether it already works; members that do come before those that join
	 * @param fixed whether its share is what it holds, because it has been above its
	 * share for seconds, while somebody lacked something, and could not shrink
	 */
	public record Claim(long member, Demand demand, int minimumSize, int held, boolean paid, boolean fixed) {

		/**
		 * Checks the numbers.
		 * @throws IllegalArgumentException if {@code minimumSize} or {@code held} is
		 * negative
		 */
		public Claim {
			if (minimumSize < 0 || held < 0) {
				throw new IllegalArgumentException(
						"minimumSize " + minimumSize + ", held " + held + ": none may be < 0");
			}
		}

	}

	/**
	 * The slots that a member gets whatever the others want: {@code max(2,
	 * min(minimumSize + 1, floor(slots / members)))}. For 100 slots, 4 members and a
	 * minimum size of 10 it is 11; for 12 members it is 8.
	 * @param slots the slots of the fleet, at least 0
	 * @param members the members of the fleet, at least 1
	 * @param minimumSize the idle connections that the member wants to keep, at least 0
	 * @return slots, at least 2; kept only while {@code slots >= 2 x members}
	 * @throws IllegalArgumentException if {@code members < 1}
	 */
	public static int guaranteed(int slots, int members, int minimumSize) {
		if (members < 1) {
			throw new IllegalArgumentException("members " + members + " < 1");
		}
		return Math.max(LEAST, Math.min(minimumSize + 1, slots / members));
	}

	/**
	 * The share of each member, in slots.
	 * <p>
	 * Fixed members get what they hold. Of the others, as many as fit with two slots each
	 * take part, those that work before those that join; the rest get 0. For 100 slots,
	 * demands 10, 60, 90 and a minimum size of 4 the shares are 10, 45, 45.
	 * @param slots the slots to divide, at least 0
	 * @param claims the members, each once, in any order
	 * @return one share a claim, in the order of the claims; each is 0 or at least 2
	 * (fixed ones aside), none is above the larger of demand and guaranteed minimum, and
	 * they sum to at most {@code slots}
	 * @throws IllegalArgumentException if {@code slots < 0}
	 */
	public static int[] shares(int slots, List<Claim> claims) {
		if (slots < 0) {
			throw new IllegalArgumentException("slots " + slots + " < 0");
		}
		int[] shares = new int[claims.size()];
		int left = slots;
		List<Integer> open = new ArrayList<>();
		for (int i : inOrder(claims)) {
			Claim claim = claims.get(i);
			if (claim.fixed()) {
				shares[i] = Math.min(claim.held(), left);
				left -= shares[i];
			}
			else {
				open.add(i);
			}
		}
		List<Integer> fitting = open.subList(0, Math.min(open.size(), left / LEAST));
		if (!fitting.isEmpty()) {
			fill(left, claims, fitting, shares);
		}
		return shares;
	}

	/**
	 * What each member may expect the others to leave it, and to give back for: its share
	 * up to what it uses and what it is sure of. The rest of a share is headroom, which
	 * is taken where it is free; fleets would see-saw if it were taken from those who
	 * have theirs.
	 * @param slots the slots of the fleet, at least 0
	 * @param claims the members
	 * @param shares their {@linkplain #shares shares}
	 * @param headroom whether headroom is due too, because somebody has
	 * {@linkplain #plenty plenty}
	 * @return slots of each member, at most its share
	 */
	static int[] due(int slots, List<Claim> claims, int[] shares, boolean headroom) {
		if (headroom) {
			return shares;
		}
		int[] due = shares.clone();
		for (int i = 0; i < due.length; i++) {
			Claim claim = claims.get(i);
			int sure = guaranteed(slots, due.length, claim.minimumSize());
			due[i] = Math.min(due[i], Math.max(claim.demand().used(), sure));
		}
		return due;
	}

	/**
	 * Whether a member holds more than twice as much as it could use, which loads that
	 * vary don't lead to: it gives back for the headroom of others, too.
	 * @param slots the slots of the fleet, at least 0
	 * @param claims the members
	 * @param member the index of the one in question
	 * @return whether it has plenty, and may shrink
	 */
	static boolean plenty(int slots, List<Claim> claims, int member) {
		Claim claim = claims.get(member);
		int sure = guaranteed(slots, claims.size(), claim.minimumSize());
		return !claim.fixed() && claim.held() > 2 * Math.max(claim.demand().slots(), sure);
	}

	private static List<Integer> inOrder(List<Claim> claims) {
		List<Integer> order = new ArrayList<>(claims.size());
		for (int i = 0; i < claims.size(); i++) {
			order.add(i);
		}
		order.sort(Comparator.comparing(claims::get, STABLE));
		return order;
	}

	private static void fill(int slots, List<Claim> claims, List<Integer> members, int[] shares) {
		int count = members.size();
		int[] low = new int[count];
		int[] high = new int[count];
		for (int i = 0; i < count; i++) {
			Claim claim = claims.get(members.get(i));
			low[i] = guaranteed(slots, count, claim.minimumSize());
			high[i] = Math.max(low[i], claim.demand().slots());
		}
		int level = level(slots, low, high);
		int left = slots;
		for (int i = 0; i < count; i++) {
			int share = clamp(level, low[i], high[i]);
			shares[members.get(i)] = share;
			left -= share;
		}
		for (int i = 0; i < count && left > 0; i++) {
			int share = shares[members.get(i)];
			if (share == level && share < high[i]) {
				shares[members.get(i)]++;
				left--;
			}
		}
	}

	private static int level(int slots, int[] low, int[] high) {
		int fits = 0;
		int most = Math.min(slots, Arrays.stream(high).max().orElse(0));
		while (fits < most) {
			int middle = fits + (most - fits + 1) / 2;
			long sum = 0;
			for (int i = 0; i < low.length; i++) {
				sum += clamp(middle, low[i], high[i]);
			}
			if (sum <= slots) {
				fits = middle;
			}
			else {
				most = middle - 1;
			}
		}
		return fits;
	}

	private static int clamp(int level, int low, int high) {
		return Math.max(low, Math.min(level, high));
	}

}
