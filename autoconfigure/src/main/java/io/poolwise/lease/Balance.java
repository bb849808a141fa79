package io.poolwise.lease;

import java.util.ArrayList;
import java.util.List;

import io.poolwise.lease.FairShare.Claim;

/**
 * What is free and what is lacking among the slots up to each limit: a member that lacks
 * some can only have those within its own limit.
 */
final class Balance {

	private final Prefixes prefixes;

	/** Slots that are free, for each prefix. */
	private final int[] free;

	/** Slots that this member holds, for each prefix; all of them from its own on. */
	private final int[] held;

	/** Slots that are lacking, for each prefix. */
	private final int[] lacking;

	/**
	 * Sums up what is free.
	 * @param claims the members, this one first
	 * @param draft has the slots of this member
	 * @param snapshot has those of the others
	 */
	Balance(List<Claim> claims, Draft draft, Snapshot snapshot) {
		this.prefixes = new Prefixes(claims);
		this.free = new int[this.prefixes.count()];
		this.held = new int[this.free.length];
		this.lacking = new int[this.free.length];
		int unused = 0;
		int ours = 0;
		int slot = 1;
		for (int prefix = 0; prefix < this.free.length; prefix++) {
			for (; slot <= this.prefixes.limit(prefix); slot++) {
				boolean own = draft.slots.get(slot) != null;
				ours += own ? 1 : 0;
				unused += (!own && snapshot.free(slot)) ? 1 : 0;
			}
			this.free[prefix] = unused;
			this.held[prefix] = (prefix >= own()) ? draft.slots.size() : ours;
		}
	}

	private Balance(Balance balance, int[] lacking) {
		this.prefixes = balance.prefixes;
		this.free = balance.free;
		this.held = balance.held;
		this.lacking = lacking;
	}

	/**
	 * Sums up what is lacking.
	 * @param claims the same members
	 * @param due what is due to each
	 * @param from the first claim whose lack counts
	 * @return the same with that
	 */
	Balance lacking(List<Claim> claims, int[] due, int from) {
		return new Balance(this,
				this.prefixes.sums((claim) -> (claim < from) ? 0 : Math.max(0, due[claim] - claims.get(claim).held())));
	}

	/** Whether somebody lacks more than is free for it. */
	boolean isShort() {
		for (int prefix = 0; prefix < this.free.length; prefix++) {
			if (missing(prefix) > 0) {
				return true;
			}
		}
		return false;
	}

	/** What is free within the limit of this member. */
	int free() {
		return this.free[own()];
	}

	/** What this member may take beyond what is due to anybody. */
	int spare() {
		int[] spare = new int[this.free.length];
		for (int prefix = 0; prefix < spare.length; prefix++) {
			spare[prefix] = -missing(prefix);
		}
		return Math.max(0, this.prefixes.least(spare, 0));
	}

	/** What is missing that this member could give back, as it holds such slots. */
	int missing() {
		int missing = 0;
		for (int prefix = 0; prefix < this.free.length; prefix++) {
			missing = Math.max(missing, Math.min(missing(prefix), this.held[prefix]));
		}
		return missing;
	}

	/**
	 * The lowest limit below its own within which slots are missing while this member
	 * holds some.
	 * @return a limit, 0 if there is none
	 */
	int lowest() {
		int prefix = lowestPrefix();
		return (prefix < own()) ? this.prefixes.limit(prefix) : 0;
	}

	/**
	 * The slots within the {@linkplain #lowest() lowest} limit that this member gives
	 * back: as many as it holds above its share, and as it can have others for.
	 * @param aboveShare what it holds above its share, at least 0
	 * @param most as many at most
	 */
	int yielded(int aboveShare, int most) {
		int prefix = lowestPrefix();
		if (prefix == own()) {
			return 0;
		}
		int others = missing(prefix) - missing(own());
		int yield = Math.min(Math.min(missing(prefix), this.held[prefix]), aboveShare + Math.max(0, others));
		return Math.max(0, Math.min(yield, most));
	}

	private int lowestPrefix() {
		int prefix = 0;
		while (prefix < own() && (missing(prefix) <= 0 || this.held[prefix] == 0)) {
			prefix++;
		}
		return prefix;
	}

	/**
	 * Of slots that are free, those that this member may take: the higher ones first, and
	 * of those that members with a lower limit lack as many as are not lacking.
	 * @param slots free slots within its limit, in any order
	 * @return some of them, in this order but for that
	 */
	List<Integer> highestFirst(List<Integer> slots) {
		int own = own();
		if (own == 0) {
			return slots;
		}
		List<List<Integer>> classes = new ArrayList<>();
		for (int prefix = 0; prefix <= own; prefix++) {
			classes.add(new ArrayList<>());
		}
		for (int slot : slots) {
			int prefix = 0;
			while (prefix < own && slot > this.prefixes.limit(prefix)) {
				prefix++;
			}
			classes.get(prefix).add(slot);
		}
		List<Integer> chosen = new ArrayList<>(classes.get(own));
		int most = Integer.MAX_VALUE;
		List<Integer> low = new ArrayList<>();
		for (int prefix = 0; prefix < own; prefix++) {
			low.addAll(0, classes.get(prefix));
			most = Math.min(low.size(), Math.max(0, -missing(prefix)));
			low = new ArrayList<>(low.subList(0, most));
		}
		chosen.addAll(low);
		return chosen;
	}

	private int own() {
		return this.prefixes.of(0);
	}

	private int missing(int prefix) {
		return this.lacking[prefix] - this.free[prefix];
	}

}
