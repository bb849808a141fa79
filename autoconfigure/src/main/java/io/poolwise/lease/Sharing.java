package io.poolwise.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.poolwise.lease.FairShare.Claim;
import io.poolwise.lease.LeaseCommand.Report;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseCommand.TryAcquire;
import io.poolwise.lease.LeaseState.Pending;

/**
 * What a snapshot says about the fleet: our share, who is hungry, which slots to take
 * (rules 6 and 11).
 */
final class Sharing {

	private final Rules rules;

	Sharing(Rules rules) {
		this.rules = rules;
	}

	void share(Draft draft, Snapshot snapshot) {
		Fleet fleet = Fleet.of(draft, snapshot);
		int free = free(draft, snapshot, fleet.slots());
		int orphaned = orphaned(draft, snapshot, fleet.slots());
		Map<Long, Long> above = above(draft, fleet, free, orphaned);
		int stuckOrphans = stuck(draft, above, Fleet.ORPHANS) ? orphaned : 0;
		List<Claim> claims = fleet.claims((member) -> stuck(draft, above, member));
		int[] shares = FairShare.shares(Math.max(0, fleet.slots() - stuckOrphans), claims);
		if (!this.rules.keeps(Rule.AT_LEAST_TWO)) {
			Arrays.fill(shares, fleet.slots() / claims.size());
		}
		int held = draft.slots.size();
		int target = shares[0];
		int enough = FairShare.enough(fleet.slots(), claims.size(), claims.get(0), target);
		int missing = missing(fleet, claims, shares, free, 1);
		boolean wanted = missing > 0 || !this.rules.keeps(Rule.HUNGRY);
		int give = this.rules.keeps(Rule.HUNGRY) ? missing : held;
		int keep = (wanted && held > target) ? Math.max(target, held - give) : Share.ALL;
		int guaranteed = FairShare.guaranteed(fleet.slots(), claims.size(), claims.get(0).minimumSize());
		// whatever the others want, this much stays ours while we want it
		int safe = Math.max(guaranteed, Math.min(claims.get(0).demand().slots(), fleet.slots() / claims.size()));
		draft.share = new Share(fleet.slots(), target, guaranteed, keep, enough > held || (target > held && free > 0),
				enough > held + free, held > safe, claims.size(), draft.now, above);
		draft.called &= draft.share.starved();
		retireAbove(draft, fleet.slots());
		draft.tell(new Report(fleet.view(claims, shares, snapshot, orphaned)));
	}

	/**
	 * What some lack of what is enough for them, beside what is free.
	 */
	private static int missing(Fleet fleet, List<Claim> claims, int[] shares, int free, int from) {
		int missing = -free;
		for (int i = from; i < shares.length; i++) {
			Claim claim = claims.get(i);
			int enough = FairShare.enough(fleet.slots(), shares.length, claim, shares[i]);
			missing += Math.max(0, enough - claim.held());
		}
		return missing;
	}

	void acquire(Draft draft, Snapshot snapshot) {
		int wanted = draft.share.target() - draft.slots.size();
		if (wanted <= 0 || draft.leaving || draft.share.keep() != Share.ALL) {
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
		if (!candidates.isEmpty()) {
			// more than wanted: others take from the same free slots
			int offered = Math.min(candidates.size(), 4 * wanted + 16);
			draft.ask(Pending.ACQUIRE, new TryAcquire(draft.epoch, candidates.subList(0, offered), wanted));
		}
	}

	private void retireAbove(Draft draft, int slots) {
		draft.slots = draft.slots.map((slot) -> {
			SessionId session = slot.session();
			if (slot.number() <= slots || !slot.running() || slot.retiring() || session == null) {
				return slot;
			}
			draft.tell(new Retire(session));
			return slot.retire();
		});
	}

	/** Who has more than its share while somebody has too little. */
	private Map<Long, Long> above(Draft draft, Fleet fleet, int free, int orphaned) {
		List<Claim> claims = fleet.claims((member) -> false);
		int[] shares = FairShare.shares(fleet.slots(), claims);
		Map<Long, Long> above = new HashMap<>();
		boolean wanted = missing(fleet, claims, shares, free, 0) > 0;
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

	private int orphaned(Draft draft, Snapshot snapshot, int slots) {
		int orphaned = 0;
		for (int slot = 1; slot <= slots; slot++) {
			if (snapshot.owner(slot) == null && snapshot.user(slot) != null && draft.slots.get(slot) == null) {
				orphaned++;
			}
		}
		return orphaned;
	}

	private int free(Draft draft, Snapshot snapshot, int slots) {
		int free = 0;
		for (int slot = 1; slot <= slots; slot++) {
			if (snapshot.free(slot) && draft.slots.get(slot) == null) {
				free++;
			}
		}
		return free;
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
