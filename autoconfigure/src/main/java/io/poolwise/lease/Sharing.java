package io.poolwise.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

import io.poolwise.lease.FairShare.Claim;
import io.poolwise.lease.LeaseCommand.Recount;
import io.poolwise.lease.LeaseCommand.Report;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseCommand.TryAcquire;
import io.poolwise.lease.LeaseState.Pending;
import io.poolwise.lease.Slot.State;

/**
 * What a snapshot says about the fleet: our share, who is hungry, which slots to take
 * (rules 6 and 11).
 */
final class Sharing {

	private final Rules rules;

	Sharing(Rules rules) {
		this.rules = rules;
	}

	/**
	 * Computes the share.
	 * @return what the others lack
	 */
	Balance share(Draft draft, Snapshot snapshot) {
		Fleet fleet = Fleet.of(draft, snapshot);
		int orphaned = orphaned(draft, snapshot, fleet.slots());
		Balance balance = new Balance(fleet.members(), draft, snapshot);
		Map<Long, Long> above = above(draft, fleet, balance, orphaned);
		boolean stuckOrphans = stuck(draft, above, Fleet.ORPHANS);
		List<Claim> claims = fleet.claims((member) -> stuck(draft, above, member));
		int[] shares = FairShare.shares((limit) -> limit - (stuckOrphans ? orphaned(draft, snapshot, limit) : 0),
				claims);
		if (!this.rules.keeps(Rule.AT_LEAST_TWO)) {
			Arrays.fill(shares, fleet.slots() / claims.size());
		}
		int[] sure = FairShare.guaranteed(claims);
		int[] due = FairShare.due(claims, shares, somebodyHasPlenty(claims));
		int held = draft.slots.size();
		int target = shares[0];
		int lacks = Math.max(0, due[0] - held);
		int spare = balance.lacking(claims, due, 0).spare();
		int wanted = lacks + Math.min(spare, Math.max(0, target - Math.max(held, due[0])));
		// whatever the others want, this much stays ours while we want it
		int safe = Math.max(sure[0], Math.min(claims.get(0).demand().slots(), FairShare.even(claims)[0]));
		boolean plenty = FairShare.plenty(claims.get(0), sure[0]);
		Balance others = balance.lacking(claims, FairShare.due(claims, shares, plenty), 1);
		boolean changed = fleet.differs(draft.share.announced());
		draft.share = new Share(fleet.slots(), target, sure[0], keep(others.missing(), target, held), others.lowest(),
				others.yielded(Math.max(0, held - target), held - FairShare.LEAST), wanted, lacks > balance.free(),
				held > safe, claims.size(), draft.now, above, fleet.announced());
		draft.called &= draft.share.starved();
		if (needsAnotherFirst(draft)) {
			draft.share = draft.share.wantingOneMore();
		}
		retireAbove(draft, fleet.slots());
		retireLow(draft);
		draft.tell(new Report(fleet.view(claims, shares, snapshot, orphaned)));
		if (changed) {
			draft.tell(new Recount());
		}
		return balance.lacking(claims, due, 1);
	}

	/**
	 * Whether low slots can only be given up once there is another one: it is the slot
	 * that pays, or one of the two that any member needs.
	 */
	private static boolean needsAnotherFirst(Draft draft) {
		int low = draft.share.low();
		return low > 0 && draft.slots.any((slot) -> slot.number() <= low)
				&& (draft.slots.size() <= FairShare.LEAST || !draft.slots
					.any((slot) -> (slot.number() <= low) ? slot.state() != State.PAYING : slot.state() == State.FREE));
	}

	private static boolean somebodyHasPlenty(List<Claim> claims) {
		int[] sure = FairShare.guaranteed(claims);
		return IntStream.range(0, sure.length).anyMatch((member) -> FairShare.plenty(claims.get(member), sure[member]));
	}

	/** What is left to us when the others have what they lack. */
	private int keep(int missing, int share, int held) {
		int lacking = this.rules.keeps(Rule.HUNGRY) ? missing : held;
		return (lacking > 0 && held > share) ? Math.max(share, held - lacking) : Share.ALL;
	}

	void acquire(Draft draft, Snapshot snapshot, Balance others) {
		int wanted = draft.share.wanted();
		if (wanted == 0 || draft.leaving || draft.share.keep() != Share.ALL) {
			return;
		}
		List<Integer> candidates = new ArrayList<>();
		for (int slot = 1; slot <= Math.min(draft.share.slots(), snapshot.size()); slot++) {
			boolean ours = draft.slots.get(slot) != null;
			if (ours ? !this.rules.keeps(Rule.NOT_HELD) : snapshot.free(slot)) {
				candidates.add(slot);
			}
		}
		shuffle(draft, candidates);
		candidates = others.highestFirst(candidates);
		if (!candidates.isEmpty()) {
			// more than wanted: others take from the same free slots
			int offered = Math.min(candidates.size(), 4 * wanted + 16);
			draft.ask(Pending.ACQUIRE, new TryAcquire(draft.epoch, candidates.subList(0, offered), wanted,
					draft.total + this.rules.settings().seats()));
		}
	}

	private void retireAbove(Draft draft, int slots) {
		draft.slots = draft.slots.map((slot) -> (slot.number() > slots && slot.running()) ? retire(draft, slot) : slot);
	}

	/** Low slots that others lack come back when their sessions do. */
	private void retireLow(Draft draft) {
		int[] left = { draft.share.yielded() - draft.slots
			.count((slot) -> slot.number() <= draft.share.low() && (slot.releasable() || slot.retiring())) };
		draft.slots = draft.slots.map((slot) -> {
			boolean gives = slot.number() <= draft.share.low() && slot.state() == State.USED && !slot.retiring();
			return (gives && left[0]-- > 0) ? retire(draft, slot) : slot;
		});
	}

	private static Slot retire(Draft draft, Slot slot) {
		SessionId session = slot.session();
		if (slot.retiring() || session == null) {
			return slot;
		}
		draft.tell(new Retire(session));
		return slot.retire();
	}

	/** Who has more than its share while somebody lacks something. */
	private Map<Long, Long> above(Draft draft, Fleet fleet, Balance balance, int orphaned) {
		List<Claim> claims = fleet.members();
		int[] shares = FairShare.shares(IntUnaryOperator.identity(), claims);
		Map<Long, Long> above = new HashMap<>();
		int[] due = FairShare.due(claims, shares, somebodyHasPlenty(claims));
		boolean wanted = balance.lacking(claims, due, 0).isShort();
		for (int i = 1; i < shares.length; i++) {
			if (wanted && claims.get(i).held() > shares[i]) {
				above.put(claims.get(i).member(), draft.now);
			}
		}
		if (orphaned > 0) {
			above.put(Fleet.ORPHANS, draft.now);
		}
		boolean watched = draft.now - draft.share.at() <= 2 * this.rules.poll();
		above.replaceAll((member, now) -> watched ? draft.share.above().getOrDefault(member, now) : now);
		return Map.copyOf(above);
	}

	private boolean stuck(Draft draft, Map<Long, Long> above, long member) {
		Long since = above.get(member);
		return since != null && draft.now - since >= this.rules.settings().stuckAfter().toNanos();
	}

	private static int orphaned(Draft draft, Snapshot snapshot, int slots) {
		int orphaned = 0;
		for (int slot = 1; slot <= Math.min(slots, snapshot.size()); slot++) {
			if (snapshot.owner(slot) == null && snapshot.user(slot) != null && draft.slots.get(slot) == null) {
				orphaned++;
			}
		}
		return orphaned;
	}

	private void shuffle(Draft draft, List<Integer> candidates) {
		for (int i = candidates.size() - 1; i > 0; i--) {
			int other = (int) draft.between(i);
			Integer swapped = candidates.get(i);
			candidates.set(i, candidates.get(other));
			candidates.set(other, swapped);
		}
	}

}
