package io.poolwise.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Divides the slots of a fleet among its members: max-min fair over demand, with a
 * guaranteed minimum.
 * <p>
 * Every member computes the same function of the same snapshot, so nobody has to be told
 * its share. A share never exceeds the demand: what nobody wants stays free, where a
 * member that warms up takes it in one round trip and nobody has to give anything back.
 * <p>
 * Each member uses the slots from 1 to its own limit, so those with a limit of at most s
 * hold at most s together, for each s. The shares are those of "progressive filling"
 * (Bertsekas and Gallager, <em>Data Networks</em>, 6.5.2), in whole slots: the level
 * rises for all members until the slots up to some limit are full; each member that has
 * no others gets {@code clamp(level, minimum, demand)}, what is left there goes one by
 * one to those at the level, in a stable order, and the level rises on for the rest.
 * Where all limits are equal there is one level.
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
	 * @param slots the highest slot that it may use, at least 0
	 * @param demand slots that it could use now, its paying one included
	 * @param minimumSize connections that it wants to keep open when idle, at least 0
	 * @param held slots that it holds, at least 0
	 * @param paid whether it already works; members that do come before those that join
	 * @param fixed whether its share is what it holds, because it has been above its
	 * share for seconds, while somebody lacked something, and could not shrink
	 */
	public record Claim(long member, int slots, Demand demand, int minimumSize, int held, boolean paid, boolean fixed) {

		/**
		 * Checks the numbers.
		 * @throws IllegalArgumentException if {@code slots}, {@code minimumSize} or
		 * {@code held} is negative
		 */
		public Claim {
			if (slots < 0 || minimumSize < 0 || held < 0) {
				throw new IllegalArgumentException(
						"slots " + slots + ", minimumSize " + minimumSize + ", held " + held + ": none may be < 0");
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
	 * What each member is sure of, whatever the others want.
	 * @param claims the members
	 * @return {@link #guaranteed(int, int, int)} for the tightest of the limits that a
	 * member is bound by, its own and those above it
	 */
	static int[] guaranteed(List<Claim> claims) {
		return guaranteed(claims, even(claims));
	}

	private static int[] guaranteed(List<Claim> claims, int[] even) {
		int[] sure = new int[even.length];
		Arrays.setAll(sure, (i) -> guaranteed(even[i], 1, claims.get(i).minimumSize()));
		return sure;
	}

	/**
	 * What each member would get of the tightest of its limits if all got the same there.
	 * @param claims the members
	 * @return slots, rounded down
	 */
	static int[] even(List<Claim> claims) {
		Prefixes prefixes = new Prefixes(claims);
		return even(prefixes, (claim) -> 1, prefixes.each(IntUnaryOperator.identity()));
	}

	private static int[] even(Prefixes prefixes, IntUnaryOperator counts, int[] room) {
		int[] even = prefixes.sums(counts);
		Arrays.setAll(even, (prefix) -> room[prefix] / Math.max(1, even[prefix]));
		return prefixes.leastOfEach(even);
	}

	/**
	 * The share of each member, in slots.
	 * <p>
	 * Fixed members get what they hold. Of the others, as many as fit with two slots each
	 * take part, those that work before those that join; the rest get 0. For 100 slots,
	 * demands 10, 60, 90 and a minimum size of 4 the shares are 10, 45, 45; where the
	 * first two may use the slots up to 40 only, they are 10, 30 and 60.
	 * @param room of the slots from 1 to a given one, those that can be shared
	 * @param claims the members, each once, in any order
	 * @return one share a claim, in the order of the claims; each is 0 or at least 2
	 * (fixed ones aside), none is above the larger of demand and guaranteed minimum, and
	 * those of the members with a limit of at most s sum to at most {@code room} of s
	 */
	public static int[] shares(IntUnaryOperator room, List<Claim> claims) {
		Prefixes prefixes = new Prefixes(claims);
		int[] left = prefixes.each((limit) -> Math.max(0, room.applyAsInt(limit)));
		int[] shares = new int[claims.size()];
		List<Integer> open = new ArrayList<>();
		for (int i : inOrder(claims)) {
			if (claims.get(i).fixed()) {
				shares[i] = Math.min(claims.get(i).held(), prefixes.least(left, i));
				prefixes.take(left, i, shares[i]);
			}
			else {
				open.add(i);
			}
		}
		int[] spare = left.clone();
		List<Integer> fitting = new ArrayList<>();
		for (int i : open) {
			if (prefixes.least(spare, i) >= LEAST) {
				prefixes.take(spare, i, LEAST);
				fitting.add(i);
			}
		}
		new Filling(claims, prefixes, left, fitting, shares).fill();
		return shares;
	}

	/**
	 * What each member may expect the others to leave it, and to give back for: its share
	 * up to what it uses and what it is sure of. The rest of a share is headroom, which
	 * is taken where it is free; fleets would see-saw if it were taken from those who
	 * have theirs.
	 * @param claims the members
	 * @param shares their {@linkplain #shares shares}
	 * @param headroom whether headroom is due too, because somebody has
	 * {@linkplain #plenty plenty}
	 * @return slots of each member, at most its share
	 */
	static int[] due(List<Claim> claims, int[] shares, boolean headroom) {
		if (headroom) {
			return shares;
		}
		int[] due = guaranteed(claims);
		for (int i = 0; i < due.length; i++) {
			due[i] = Math.min(shares[i], Math.max(claims.get(i).demand().used(), due[i]));
		}
		return due;
	}

	/**
	 * Whether a member holds more than twice as much as it could use, which loads that
	 * vary don't lead to: it gives back for the headroom of others, too.
	 * @param claim the one in question
	 * @param sure what it is sure of
	 * @return whether it has plenty, and may shrink
	 */
	static boolean plenty(Claim claim, int sure) {
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

	/**
	 * The shares while the level rises.
	 */
	private static final class Filling {

		private final Prefixes prefixes;

		/** What is left of each prefix for those that have no share yet. */
		private final int[] left;

		/** Those, in the stable order. */
		private final List<Integer> open;

		private final int[] shares;

		private final int[] low;

		private final int[] high;

		Filling(List<Claim> claims, Prefixes prefixes, int[] left, List<Integer> open, int[] shares) {
			this.prefixes = prefixes;
			this.left = left;
			this.open = open;
			this.shares = shares;
			boolean[] takesPart = new boolean[shares.length];
			open.forEach((i) -> takesPart[i] = true);
			this.low = guaranteed(claims, even(prefixes, (i) -> takesPart[i] ? 1 : 0, left));
			this.high = new int[shares.length];
			open.forEach((i) -> this.high[i] = Math.max(this.low[i], claims.get(i).demand().slots()));
		}

		void fill() {
			int level = 0;
			while (!this.open.isEmpty()) {
				level = highestLevel(level);
				int[] more = room(level + 1);
				int full = 0;
				while (full < more.length - 1 && more[full] >= 0) {
					full++;
				}
				close(full, level);
			}
		}

		/**
		 * The highest level that fits everywhere; at no level anybody gets less than low.
		 */
		private int highestLevel(int least) {
			int fits = least;
			int most = this.open.stream().mapToInt((i) -> this.high[i]).max().orElse(0);
			while (fits < most) {
				int middle = fits + (most - fits + 1) / 2;
				if (Arrays.stream(room(middle)).allMatch((each) -> each >= 0)) {
					fits = middle;
				}
				else {
					most = middle - 1;
				}
			}
			return fits;
		}

		/** What a level leaves of each prefix. */
		private int[] room(int level) {
			int[] taken = new int[this.shares.length];
			this.open.forEach((i) -> taken[i] = at(level, i));
			int[] room = this.prefixes.sums((i) -> taken[i]);
			Arrays.setAll(room, (prefix) -> this.left[prefix] - room[prefix]);
			return room;
		}

		/**
		 * Fixes the shares of those within a prefix that a higher level has no room in.
		 */
		private void close(int full, int level) {
			int[] room = room(level);
			for (int i : List.copyOf(this.open)) {
				if (this.prefixes.of(i) <= full) {
					this.shares[i] = at(level, i);
					if (this.shares[i] == level && level < this.high[i] && this.prefixes.least(room, i) > 0) {
						this.shares[i]++;
						this.prefixes.take(room, i, 1);
					}
				}
			}
			this.open.removeIf((i) -> {
				boolean within = this.prefixes.of(i) <= full;
				if (within) {
					this.prefixes.take(this.left, i, this.shares[i]);
				}
				return within;
			});
		}

		private int at(int level, int claim) {
			return Math.max(this.low[claim], Math.min(level, this.high[claim]));
		}

	}

}
