package io.poolwise.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

import io.poolwise.lease.FairShare.Claim;
import io.poolwise.lease.LeaseState.Phase;

/**
 * The members that one snapshot shows, this one first.
 */
record Fleet(int slots, List<Claim> members) {

	/** Stands for the slots in use that nobody owns; members are never 0. */
	static final long ORPHANS = 0;

	static Fleet of(Draft draft, Snapshot snapshot) {
		Announcement self = draft.announced;
		if (self == null) {
			throw new IllegalStateException("nothing announced in epoch " + draft.epoch);
		}
		List<Claim> members = new ArrayList<>();
		// slots of an earlier epoch are ours still, but not visibly so
		members.add(new Claim(self.member(), self.demand(), self.minimumSize(), draft.slots.size(),
				draft.phase == Phase.PAID, false));
		int slots = draft.total;
		for (Map.Entry<SessionId, Announcement> entry : snapshot.members().entrySet()) {
			Announcement other = entry.getValue();
			if (other.member() != self.member()) {
				SessionId session = entry.getKey();
				members.add(new Claim(other.member(), other.demand(), other.minimumSize(), snapshot.held(session),
						snapshot.paid(session), false));
				slots = Math.min(slots, other.slots());
			}
		}
		return new Fleet(slots, members);
	}

	List<Claim> claims(LongPredicate stuck) {
		List<Claim> claims = new ArrayList<>(this.members);
		for (int i = 1; i < claims.size(); i++) {
			Claim claim = claims.get(i);
			if (stuck.test(claim.member())) {
				claims.set(i, new Claim(claim.member(), claim.demand(), claim.minimumSize(), claim.held(), claim.paid(),
						true));
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
