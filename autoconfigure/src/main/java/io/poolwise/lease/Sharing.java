package io.poolwise.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
		int[] due = FairShare.due(fleet.slots(), claims, shares, somebodyHasPlenty(fleet, claims));
		int spare = Math.max(0, free - lacking(claims, due, 0));
		int wanted = Math.max(0, due[0] - held) + Math.min(spare, Math.max(0, target - Math.max(held, due[0])));
		int guaranteed = FairShare.guaranteed(fleet.slots(), claims.size(), claims.get(0).minimumSize());
		// whatever the others want, this much stays ours while we want it
		int safe = Math.max(guaranteed, Math.min(claims.get(0).demand().slots(), fleet.slots() / claims.size()));
		draft.share = new Share(fleet.slots(), target, guaranteed, keep(fleet, claims, shares, free, held), wanted,
				due[0] > held + free, held > safe, claims.size(), draft.now, above);
		draft.called &= draft.share.starved();
		retireAbove(draft, fleet.slots());
		draft.tell(new Report(fleet.view(claims, shares, snapshot, orphaned)));
	}

	/** What is left to us when the others have what they lack. */
	private int keep(Fleet fleet, List<Claim> claims, int[] shares, int free, int held) {
		boolean plenty = FairShare.plenty(fleet.slots(), claims, 0);
		int missing = lacking(claims, FairShare.due(fleet.slots(), claims, shares, plenty), 1) - free;
		if (!this.rules.keeps(Rule.HUNGRY)) {
			missing = held;
		}
		return (missing > 0 && held > shares[0]) ? Math.max(shares[0], held - missing) : Share.ALL;
	}

	private static boolean somebodyHasPlenty(Fleet fleet, List<Claim> claims) {
		return IntStream.range(0, claims.size()).anyMatch((member) -> FairShare.plenty(fleet.slots(), claims, member));
	}

	private static int lacking(List<Claim> claims, int[] due, int from) {
		int lacking = 0;
		for (int i = from; i < due.length; i++) {
			lacking += Math.max(0, due[i] - claims.get(i).held());
		}
		return lacking;
	}

	void acquire(Draft draft, Snapshot snapshot) {
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

	/** Who has more than its share while somebody lacks something. */
	private Map<Long, Long> above(Draft draft, Fleet fleet, int free, int orphaned) {
		List<Claim> claims = fleet.claims((member) -> false);
		int[] shares = FairShare.shares(fleet.slots(), claims);
		Map<Long, Long> above = new HashMap<>();
		int[] due = FairShare.due(fleet.slots(), claims, shares, somebodyHasPlenty(fleet, claims));
		boolean wanted = lacking(claims, due, 0) > free;
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
