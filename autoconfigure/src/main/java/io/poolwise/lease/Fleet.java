package io.poolwise.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

import io.poolwise.lease.FairShare.Claim;
import io.poolwise.lease.LeaseState.Phase;

/**
 * The members that one snapshot shows, this one first.
 *
 * @param slots the slots that this member may use
 * @param members what they want and have
 * @param announced the slots that each of the others announced, by its number
 */
record Fleet(int slots, List<Claim> members, Map<Long, Integer> announced) {

	/** Stands for the slots in use that nobody owns; members are never 0. */
	static final long ORPHANS = 0;

	static Fleet of(Draft draft, Snapshot snapshot) {
		Announcement self = draft.announced;
		if (self == null) {
			throw new IllegalStateException("nothing announced in epoch " + draft.epoch);
		}
		List<Claim> members = new ArrayList<>();
		// slots of an earlier epoch are ours still, but not visibly so
		members.add(new Claim(self.member(), draft.total, self.demand(), self.minimumSize(), draft.slots.size(),
				draft.phase == Phase.PAID, false));
		int most = Math.max(draft.total, snapshot.size());
		Map<Long, Integer> announced = new HashMap<>();
		for (Map.Entry<SessionId, Announcement> entry : snapshot.members().entrySet()) {
			Announcement other = entry.getValue();
			if (other.member() != self.member()) {
				SessionId session = entry.getKey();
				int held = snapshot.held(session);
				boolean paid = snapshot.paid(session);
				// who paid works with two slots or more, until it leaves
				members.add(new Claim(other.member(), Math.min(other.slots(), most), other.demand(),
						other.minimumSize(), held, paid, paid && held < FairShare.LEAST));
				announced.put(other.member(), other.slots());
			}
		}
		return new Fleet(draft.total, members, Map.copyOf(announced));
	}

	/** Whether one of the others has announced another number of slots since. */
	boolean differs(Map<Long, Integer> before) {
		return this.announced.entrySet()
			.stream()
			.anyMatch((entry) -> !entry.getValue().equals(before.getOrDefault(entry.getKey(), entry.getValue())));
	}

	List<Claim> claims(LongPredicate stuck) {
		List<Claim> claims = new ArrayList<>(this.members);
		for (int i = 1; i < claims.size(); i++) {
			Claim claim = claims.get(i);
			if (stuck.test(claim.member())) {
				claims.set(i, new Claim(claim.member(), claim.slots(), claim.demand(), claim.minimumSize(),
						claim.held(), claim.paid(), true));
			}
		}
		return claims;
	}

	FleetView view(List<Claim> claims, int[] shares, Snapshot snapshot, int orphaned) {
		int owned = 0;
		int used = 0;
		for (int slot = 1; slot <= snapshot.size(); slot++) {
			owned += (snapshot.owner(slot) != null) ? 1 : 0;
			used += (snapshot.user(slot) != null) ? 1 : 0;
		}
		List<FleetView.Member> seen = new ArrayList<>();
		for (int i = 0; i < shares.length; i++) {
			Claim claim = claims.get(i);
			seen.add(new FleetView.Member(claim.member(), claim.demand().slots(), claim.held(), shares[i], claim.paid(),
					i == 0));
		}
		return new FleetView(this.slots, owned, used, orphaned, seen);
	}

}
