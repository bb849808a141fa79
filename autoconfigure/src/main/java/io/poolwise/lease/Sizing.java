package io.poolwise.lease;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import io.poolwise.lease.LeaseCommand.Resize;
import io.poolwise.lease.LeaseState.Pending;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.Slot.State;

/**
 * How many sessions the pools may have, and which slots are too many (rules 7 and 11).
 */
final class Sizing {

	private final Rules rules;

	Sizing(Rules rules) {
		this.rules = rules;
	}

	/** Slots to give back now. */
	Set<Integer> surplus(Draft draft) {
		Set<Integer> surplus = new LinkedHashSet<>();
		int held = draft.slots.size();
		if (!draft.leaving) {
			int low = Math.min(draft.share.yielded(), held - FairShare.LEAST);
			add(draft, surplus, (slot) -> surplus.size() < low && slot.number() <= draft.share.low());
		}
		int given = surplus.size();
		// the others lack low slots: higher ones instead would be no help
		int spare = draft.leaving ? held : held - draft.share.keep() - draft.share.yielded();
		add(draft, surplus, (slot) -> surplus.size() - given < spare || slot.number() > draft.share.slots());
		return surplus;
	}

	private void add(Draft draft, Set<Integer> surplus, Predicate<Slot> wanted) {
		for (State state : List.of(State.FREE, State.COOLING, State.QUARANTINED)) {
			for (Slot slot : draft.slots) {
				boolean may = slot.state() == state && (slot.releasable() || !this.rules.keeps(Rule.QUARANTINE_KEPT));
				if (may && wanted.test(slot)) {
					surplus.add(slot.number());
				}
			}
		}
	}

	/** Tells the pools what they may have, if that changed. */
	void resize(Draft draft) {
		int sessions = draft.allowed;
		String reason = "leaving";
		if (draft.leaving) {
			sessions = 0;
		}
		else if (draft.phase == Phase.PAID) {
			int usable = draft.slots.count((slot) -> slot.number() <= draft.share.slots());
			int idle = draft.slots.count(State.PAYING) + draft.slots.count(State.QUARANTINED);
			sessions = Math.max(0, Math.min(usable, draft.share.keep()) - idle);
			reason = "holds " + draft.slots.size() + " of " + draft.share.slots() + " slots, share "
					+ draft.share.target() + ((draft.share.keep() == Share.ALL) ? "" : ", another member is hungry");
		}
		else if (draft.phase == Phase.SEATED && mustFreeOne(draft)) {
			sessions = draft.slots.size() - 1;
			reason = "one of " + draft.slots.size() + " slots has to pay for the coordinator";
		}
		if (sessions != draft.allowed) {
			draft.allowed = sessions;
			draft.tell(new Resize(sessions, reason));
		}
	}

	/**
	 * Every slot has a session, and none is to be had that could pay for the coordinator.
	 * A member that does not fit has to let go of its only one, too.
	 */
	private boolean mustFreeOne(Draft draft) {
		int least = (draft.share.target() == 0) ? 1 : FairShare.LEAST;
		return draft.slots.size() >= least && draft.pending == Pending.NONE && draft.snapshotAt > draft.now
				&& !draft.slots.any((slot) -> !slot.running());
	}

}
