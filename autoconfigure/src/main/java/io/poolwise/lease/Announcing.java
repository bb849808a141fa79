package io.poolwise.lease;

import io.poolwise.lease.LeaseCommand.Announce;
import io.poolwise.lease.LeaseState.Pending;

/**
 * What the others are told, and when: demand that rose, or fell by a fifth, and shortage.
 */
final class Announcing {

	private static final int CALL_AGAIN_POLLS = 4;

	private final Rules rules;

	Announcing(Rules rules) {
		this.rules = rules;
	}

	/** When there is something to tell. */
	long next(Draft draft) {
		if (toTell(draft)) {
			return draft.announcedAt + this.rules.settings().announceInterval().toNanos();
		}
		// who looked at the first call may have seen somebody else about to give
		return draft.share.starved() ? draft.announcedAt + CALL_AGAIN_POLLS * this.rules.poll() : Timers.NEVER;
	}

	void announce(Draft draft) {
		Announcement before = draft.announced;
		int calls = ((before != null) ? before.calls() : 0) + (draft.share.starved() ? 1 : 0);
		Announcement told = new Announcement(this.rules.settings().member(), draft.total, draft.demand, draft.minimum,
				calls);
		if (before == null || before.minimumSize() != told.minimumSize()) {
			draft.share = draft.share.unsure();
		}
		draft.called = draft.share.starved();
		draft.announced = told;
		draft.announcedAt = draft.now;
		draft.announceAt = Timers.NEVER;
		draft.ask(Pending.ANNOUNCE, new Announce(draft.epoch, told));
	}

	private boolean toTell(Draft draft) {
		Announcement told = draft.announced;
		return told == null || told.slots() != draft.total || told.minimumSize() != draft.minimum
				|| (draft.share.starved() && !draft.called) || draft.demand.rises(told.demand())
				|| draft.demand.falls(told.demand());
	}

}
