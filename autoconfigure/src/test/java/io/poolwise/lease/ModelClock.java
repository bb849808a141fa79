package io.poolwise.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Makes states finite: time is now, soon or later, epochs are numbered by their order,
 * and what only shapes pauses is forgotten.
 */
final class ModelClock {

	static final long SOON = 1;

	static final long LATER = 1000;

	private ModelClock() {
	}

	static LeaseState rebase(LeaseState state, long now, long random) {
		Draft draft = Draft.of(state, 0);
		draft.phaseAt = rebase(draft.phaseAt, now);
		draft.pollAt = rebase(draft.pollAt, now);
		draft.snapshotAt = rebase(draft.snapshotAt, now);
		draft.announceAt = rebase(draft.announceAt, now);
		draft.announcedAt = 0;
		draft.auditAt = rebase(draft.auditAt, now);
		draft.attempts = 0;
		draft.looks = 0;
		draft.version = 0;
		draft.random = random;
		Announcement told = draft.announced;
		draft.announced = (told != null)
				? new Announcement(told.member(), told.slots(), told.demand(), told.minimumSize(), 0) : null;
		Share share = draft.share;
		draft.share = new Share(share.slots(), share.target(), share.guaranteed(), share.keep(), share.low(),
				share.yielded(), share.wanted(), share.starved(), true, 0, 0, Map.of(), Map.of());
		draft.connects.replaceAll((connect) -> new Connect(connect.grant(), rebase(connect.until(), now),
				connect.session(), connect.covered()));
		draft.remnants.replaceAll((remnant) -> new Remnant(remnant.epoch(), rebase(remnant.until(), now)));
		draft.slots = draft.slots.map((slot) -> slot.abortAt(rebase(slot.abortAt(), now)));
		return new LeaseState(draft);
	}

	static LeaseState renumber(LeaseState state, IntUnaryOperator epochs) {
		Draft draft = Draft.of(state, 0);
		draft.epoch = epochs.applyAsInt(draft.epoch);
		List<Connect> connects = new ArrayList<>();
		for (Connect connect : draft.connects) {
			connects.add(new Connect(renumber(connect.grant(), epochs), connect.until(), connect.session(),
					connect.covered()));
		}
		draft.connects = connects;
		draft.remnants.replaceAll((remnant) -> new Remnant(epochs.applyAsInt(remnant.epoch()), remnant.until()));
		return new LeaseState(draft);
	}

	static Grant renumber(Grant grant, IntUnaryOperator epochs) {
		return new Grant(grant.slot(), epochs.applyAsInt(grant.epoch()), grant.coordinator());
	}

	private static long rebase(long time, long now) {
		if (time == Timers.NEVER) {
			return time;
		}
		long left = time - now;
		if (left <= 0) {
			return 0;
		}
		// the longest pause is a few times as long as the others, and far from later
		return (left < LATER / 2) ? SOON : LATER;
	}

}
