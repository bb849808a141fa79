package io.poolwise.lease;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.poolwise.lease.LeaseCommand.Announce;
import io.poolwise.lease.LeaseCommand.Pay;
import io.poolwise.lease.LeaseCommand.Poll;
import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Release;
import io.poolwise.lease.LeaseCommand.Resize;
import io.poolwise.lease.LeaseEvent.Acquired;
import io.poolwise.lease.LeaseEvent.Paid;
import io.poolwise.lease.LeaseEvent.Polled;
import io.poolwise.lease.LeaseEvent.Readopted;
import io.poolwise.lease.LeaseState.Pending;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.Slot.State;

/**
 * What to ask the coordinator session for next: one thing at a time, the most pressing
 * first.
 */
final class Agenda {

	private static final int CALL_AGAIN_POLLS = 4;

	private static final int MOST_SPREAD_POLLS = 10;

	private final Rules rules;

	private final CoordinatorLife life;

	Agenda(Rules rules, CoordinatorLife life) {
		this.rules = rules;
		this.life = life;
	}

	/** Asks for the next thing, if nothing is being waited for. */
	void proceed(Draft draft) {
		resize(draft);
		if (!draft.connected() || draft.pending != Pending.NONE || leave(draft)) {
			return;
		}
		draft.announceAt = nextAnnouncement(draft);
		Slot paying = draft.slots.first((slot) -> slot.state() == State.PAYING);
		if (paying != null && paying.number() > draft.share.slots()) {
			this.life.lose(draft);
			return;
		}
		Set<Integer> surplus = surplus(draft);
		Slot free = draft.slots.first((slot) -> slot.state() == State.FREE);
		int least = this.rules.keeps(Rule.TWO_SLOTS) ? FairShare.LEAST : 1;
		int owned = draft.slots.count(Slot::owned);
		if (draft.announced == null) {
			announce(draft);
		}
		else if (!surplus.isEmpty()) {
			draft.slots = draft.slots.filter((slot) -> !surplus.contains(slot.number()));
			draft.ask(Pending.RELEASE, new Release(draft.epoch, surplus));
		}
		else if (draft.phase == Phase.SEATED && free != null && owned >= least && this.rules.keeps(Rule.PAY)) {
			draft.put(new Slot(free.number(), State.PAYING, null));
			draft.ask(Pending.PAY, new Pay(draft.epoch, free.number(), draft.seat));
		}
		else if (draft.now >= draft.announceAt) {
			announce(draft);
		}
		else if (draft.now >= draft.snapshotAt) {
			look(draft);
		}
	}

	void tick(Draft draft) {
		if (!draft.connected() || draft.now < draft.pollAt) {
			return;
		}
		draft.pollAt = draft.now + draft.around(this.rules.poll());
		boolean unsettled = draft.now >= draft.auditAt || draft.share.hungry() || draft.share.keep() != Share.ALL
				|| !draft.connects.isEmpty()
				|| draft.slots.any((slot) -> slot.state() == State.COOLING || slot.state() == State.LOST);
		if (unsettled) {
			draft.lookWithin(spread(draft, MOST_SPREAD_POLLS * this.rules.poll()));
		}
		else if (draft.pending == Pending.NONE && draft.announced != null) {
			draft.ask(Pending.POLL, new Poll(draft.epoch));
		}
	}

	void stop(Draft draft) {
		draft.leaving = true;
		if (draft.phase == Phase.OFFLINE) {
			draft.phase = Phase.STOPPED;
			draft.phaseAt = Timers.NEVER;
		}
	}

	void announced(Draft draft, int epoch) {
		if (draft.answers(epoch, Pending.ANNOUNCE) && draft.demand > draft.slots.size()) {
			draft.snapshotAt = draft.now;
		}
	}

	void polled(Draft draft, Polled polled) {
		if (draft.answers(polled.epoch(), Pending.POLL) && polled.version() != draft.version) {
			draft.lookWithin(hintPause(draft));
		}
	}

	void notified(Draft draft, int epoch) {
		if (draft.current(epoch)) {
			draft.lookWithin(hintPause(draft));
		}
	}

	void acquired(Draft draft, Acquired acquired) {
		if (!draft.answers(acquired.epoch(), Pending.ACQUIRE)) {
			return;
		}
		for (Integer number : acquired.slots()) {
			draft.put(new Slot(number, State.FREE, null));
		}
		boolean hungry = draft.slots.size() < draft.share.target();
		draft.share = draft.share.hungry(hungry);
		if (hungry) {
			long spread = spread(draft, MOST_SPREAD_POLLS * this.rules.poll());
			draft.lookWithin(draft.around(4 * this.rules.settle()) + spread);
		}
	}

	void readopted(Draft draft, Readopted readopted) {
		if (!draft.answers(readopted.epoch(), Pending.READOPT)) {
			return;
		}
		for (Integer number : readopted.slots()) {
			Slot slot = draft.slots.get(number);
			if (slot != null && slot.state() == State.LOST) {
				draft.put(new Slot(number, State.USED, slot.session(), false, slot.retiring()));
			}
			else {
				// closed meanwhile
				draft.put(new Slot(number, State.COOLING, null));
			}
		}
		draft.lookWithin(this.rules.settle());
	}

	void paid(Draft draft, Paid paid) {
		if (!draft.answers(paid.epoch(), Pending.PAY)) {
			return;
		}
		if (paid.paid()) {
			draft.phase = Phase.PAID;
			draft.phaseAt = Timers.NEVER;
			draft.attempts = 0;
			draft.seat = 0;
		}
		if (!paid.paid() || !this.rules.keeps(Rule.PAYING)) {
			State state = paid.paid() ? State.FREE : State.COOLING;
			draft.slots = draft.slots
				.map((slot) -> (slot.state() == State.PAYING) ? new Slot(slot.number(), state, null) : slot);
			draft.lookWithin(this.rules.settle());
		}
	}

	private boolean leave(Draft draft) {
		boolean done = draft.leaving && !draft.slots.any((slot) -> slot.state() != State.PAYING);
		if (done) {
			this.life.close(draft);
		}
		return done;
	}

	private Set<Integer> surplus(Draft draft) {
		Set<Integer> surplus = new LinkedHashSet<>();
		int spare = draft.leaving ? draft.slots.size() : draft.slots.size() - draft.share.keep();
		for (State state : List.of(State.FREE, State.COOLING, State.QUARANTINED)) {
			for (Slot slot : draft.slots) {
				boolean may = slot.state() == state && (slot.releasable() || !this.rules.keeps(Rule.QUARANTINE_KEPT));
				if (may && (surplus.size() < spare || slot.number() > draft.share.slots())) {
					surplus.add(slot.number());
				}
			}
		}
		return surplus;
	}

	private void resize(Draft draft) {
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

	private long nextAnnouncement(Draft draft) {
		if (toTell(draft)) {
			return draft.announcedAt + this.rules.settings().announceInterval().toNanos();
		}
		// who looked at the first call may have seen somebody else about to give
		return draft.share.starved() ? draft.announcedAt + CALL_AGAIN_POLLS * this.rules.poll() : Timers.NEVER;
	}

	private boolean toTell(Draft draft) {
		Announcement told = draft.announced;
		return told == null || told.slots() != draft.total || (draft.share.starved() && !draft.called)
				|| draft.demand > told.demand()
				|| (draft.demand < told.demand() && 5L * draft.demand <= 4L * told.demand());
	}

	private void announce(Draft draft) {
		LeaseSettings settings = this.rules.settings();
		Announcement before = draft.announced;
		int calls = ((before != null) ? before.calls() : 0) + (draft.share.starved() ? 1 : 0);
		Announcement told = new Announcement(settings.member(), draft.total, draft.demand, settings.minimumSize(),
				calls);
		draft.called = draft.share.starved();
		draft.announced = told;
		draft.announcedAt = draft.now;
		draft.announceAt = Timers.NEVER;
		draft.ask(Pending.ANNOUNCE, new Announce(draft.epoch, told));
	}

	private void look(Draft draft) {
		Set<SessionId> watched = new LinkedHashSet<>();
		List<SessionId> closed = new ArrayList<>();
		for (Slot slot : draft.slots) {
			SessionId session = slot.session();
			if (slot.state() == State.COOLING && session != null) {
				watched.add(session);
			}
		}
		for (Connect connect : draft.connects) {
			SessionId session = connect.session();
			if (session != null) {
				closed.add(session);
			}
		}
		watched.addAll(closed);
		draft.slots = draft.slots.map(Slot::cover);
		draft.connects.replaceAll(Connect::cover);
		draft.snapshotAt = Timers.NEVER;
		draft.auditAt = draft.now + draft.around(this.rules.settings().auditInterval().toNanos());
		draft.ask(Pending.SNAPSHOT, new ReadSnapshot(draft.epoch, draft.total, watched));
	}

	private long hintPause(Draft draft) {
		long poll = this.rules.poll();
		long soon = Math.max(poll / 2, draft.share.gap() / 4);
		return spread(draft, draft.share.urgent() ? soon : MOST_SPREAD_POLLS * poll);
	}

	/** A pause that keeps a large fleet from reading all at once. */
	private static long spread(Draft draft, long most) {
		return draft.between(Math.min(draft.share.gap(), most));
	}

}
