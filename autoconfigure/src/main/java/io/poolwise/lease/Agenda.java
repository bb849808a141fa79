package io.poolwise.lease;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.poolwise.lease.LeaseCommand.Pay;
import io.poolwise.lease.LeaseCommand.Poll;
import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Release;
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

	private static final int MOST_SPREAD_POLLS = 10;

	private static final int AUDIT_GAPS = 300;

	private static final long MOST_AUDIT = 600_000_000_000L;

	private final Rules rules;

	private final CoordinatorLife life;

	private final Announcing announcing;

	private final Sizing sizing;

	Agenda(Rules rules, CoordinatorLife life) {
		this.rules = rules;
		this.life = life;
		this.announcing = new Announcing(rules);
		this.sizing = new Sizing(rules);
	}

	/** Asks for the next thing, if nothing is being waited for. */
	void proceed(Draft draft) {
		this.sizing.resize(draft);
		if (!draft.connected() || draft.pending != Pending.NONE || leave(draft)) {
			return;
		}
		draft.announceAt = this.announcing.next(draft);
		Slot paying = draft.slots.first((slot) -> slot.state() == State.PAYING);
		if (paying != null && paying.number() > draft.share.slots()) {
			this.life.lose(draft);
			return;
		}
		Set<Integer> surplus = this.sizing.surplus(draft);
		Slot free = draft.slots.first((slot) -> slot.state() == State.FREE);
		int least = this.rules.keeps(Rule.TWO_SLOTS) ? FairShare.LEAST : 1;
		int owned = draft.slots.count(Slot::owned);
		if (draft.announced == null) {
			this.announcing.announce(draft);
		}
		else if (paying != null && paysLow(draft, paying)) {
			Slot other = Objects.requireNonNull(draft.slots.first((slot) -> isHighAndFree(draft, slot)));
			draft.put(new Slot(other.number(), State.PAYING, null));
			draft.ask(Pending.PAY, new Pay(draft.epoch, other.number(), 0, paying.number()));
		}
		else if (!surplus.isEmpty()) {
			draft.slots = draft.slots.filter((slot) -> !surplus.contains(slot.number()));
			if (draft.share.yielded() > 0) {
				// what was given for those that have no others is to be had elsewhere
				draft.share = draft.share.given(surplus);
				draft.lookWithin(this.rules.settle());
			}
			draft.ask(Pending.RELEASE, new Release(draft.epoch, surplus));
		}
		else if (draft.phase == Phase.SEATED && free != null && owned >= least && this.rules.keeps(Rule.PAY)) {
			draft.put(new Slot(free.number(), State.PAYING, null));
			draft.ask(Pending.PAY, new Pay(draft.epoch, free.number(), draft.seat));
		}
		else if (draft.now >= draft.announceAt) {
			this.announcing.announce(draft);
		}
		else if (draft.now >= draft.snapshotAt) {
			look(draft);
		}
	}

	/** Whether the slot that pays is one that others lack, and another one can pay. */
	private static boolean paysLow(Draft draft, Slot paying) {
		return draft.phase == Phase.PAID && paying.number() <= draft.share.low()
				&& draft.slots.any((slot) -> isHighAndFree(draft, slot));
	}

	private static boolean isHighAndFree(Draft draft, Slot slot) {
		return slot.state() == State.FREE && slot.number() > draft.share.low() && slot.number() <= draft.share.slots();
	}

	void tick(Draft draft) {
		if (!draft.connected() || draft.now < draft.pollAt) {
			return;
		}
		draft.pollAt = draft.now + draft.around(this.rules.poll());
		boolean unsettled = draft.now >= draft.auditAt || draft.share.hungry() || draft.share.keep() != Share.ALL
				|| !draft.connects.isEmpty() || waitsForOthers(draft)
				|| draft.slots.any((slot) -> slot.state() == State.COOLING || slot.state() == State.LOST);
		if (unsettled) {
			draft.lookWithin(spread(draft, MOST_SPREAD_POLLS * this.rules.poll()));
			return;
		}
		draft.pollAt = draft.now + draft.around(Math.max(this.rules.poll(), draft.share.pollGap()));
		if (draft.pending == Pending.NONE && draft.announced != null) {
			draft.ask(Pending.POLL, new Poll(draft.epoch));
		}
	}

	/**
	 * What others have above their share counts as theirs after a while, and slots in use
	 * that nobody owns count as nobody's: that they are free at last is told by nothing.
	 */
	private static boolean waitsForOthers(Draft draft) {
		return !draft.share.above().isEmpty() && wantsMore(draft);
	}

	private static boolean wantsMore(Draft draft) {
		return Math.max(draft.demand.slots(), draft.minimum + 1) > draft.slots.size();
	}

	void stop(Draft draft) {
		draft.leaving = true;
		if (draft.phase == Phase.OFFLINE) {
			draft.phase = Phase.STOPPED;
			draft.phaseAt = Timers.NEVER;
		}
	}

	void announced(Draft draft, int epoch) {
		if (draft.answers(epoch, Pending.ANNOUNCE) && (wantsMore(draft) || !draft.share.sure())) {
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
		draft.share = draft.share.taken(acquired.slots().size());
		if (draft.share.hungry()) {
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
				draft.put(slot.adopted());
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
		if (draft.slots.count(State.PAYING) > 1) {
			moved(draft, paid.paid());
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

	/** Of two slots the higher one was to pay instead of the lower one. */
	private void moved(Draft draft, boolean paid) {
		Slot lower = draft.slots.first((slot) -> slot.state() == State.PAYING);
		draft.slots = draft.slots.map((slot) -> {
			if (slot.state() != State.PAYING || slot.equals(lower) != paid) {
				return slot;
			}
			return new Slot(slot.number(), paid ? State.FREE : State.COOLING, null);
		});
		draft.lookWithin(this.rules.settle());
	}

	private boolean leave(Draft draft) {
		boolean done = draft.leaving && !draft.slots.any((slot) -> slot.state() != State.PAYING);
		if (done) {
			this.life.close(draft);
		}
		return done;
	}

	private void look(Draft draft) {
		Set<SessionId> watched = new LinkedHashSet<>();
		List<SessionId> closed = new ArrayList<>();
		for (Slot slot : draft.slots) {
			SessionId session = slot.session();
			if ((slot.state() == State.COOLING || slot.retiring()) && session != null) {
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
		long audit = Math.max(this.rules.settings().auditInterval().toNanos(),
				Math.min(MOST_AUDIT, AUDIT_GAPS * draft.share.gap()));
		draft.auditAt = draft.now + draft.around(audit);
		int highest = draft.total;
		for (Slot slot : draft.slots) {
			highest = Math.max(highest, slot.number());
		}
		draft.ask(Pending.SNAPSHOT, new ReadSnapshot(draft.epoch, highest, watched));
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
