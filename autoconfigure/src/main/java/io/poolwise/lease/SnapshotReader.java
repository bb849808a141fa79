package io.poolwise.lease;

import java.util.LinkedHashMap;
import java.util.Map;

import io.poolwise.lease.LeaseCommand.Close;
import io.poolwise.lease.LeaseCommand.Readopt;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.LeaseState.Pending;
import io.poolwise.lease.Slot.State;

/**
 * What a snapshot says about our own slots: gone, without their lock, to be adopted
 * (rules 5, 8 and 10).
 */
final class SnapshotReader {

	private static final int MOST_DOUBLINGS = 6;

	private final Rules rules;

	private final CoordinatorLife life;

	private final ConnectFence fence;

	private final Sharing sharing;

	SnapshotReader(Rules rules, CoordinatorLife life, ConnectFence fence, Sharing sharing) {
		this.rules = rules;
		this.life = life;
		this.fence = fence;
		this.sharing = sharing;
	}

	void arrived(Draft draft, SnapshotArrived arrived) {
		if (!draft.answers(arrived.epoch(), Pending.SNAPSHOT)) {
			return;
		}
		Snapshot snapshot = arrived.snapshot();
		draft.version = snapshot.version();
		if (!ownsWhatItShould(draft, snapshot)) {
			this.life.lose(draft);
			return;
		}
		draft.slots = draft.slots.map((slot) -> judge(draft, slot, snapshot));
		abort(draft);
		this.fence.seen(draft, snapshot);
		Balance others = this.sharing.share(draft, snapshot);
		Map<Integer, SessionId> adoptable = adoptable(draft, snapshot);
		if (!adoptable.isEmpty()) {
			draft.ask(Pending.READOPT, new Readopt(draft.epoch, adoptable));
		}
		else {
			this.sharing.acquire(draft, snapshot, others);
		}
		if (draft.slots.any((slot) -> slot.state() == State.COOLING)
				|| draft.connects.stream().anyMatch((connect) -> connect.session() != null)) {
			draft.lookWithin(this.rules.settle() << draft.looks);
			draft.looks = Math.min(draft.looks + 1, MOST_DOUBLINGS);
		}
	}

	private boolean ownsWhatItShould(Draft draft, Snapshot snapshot) {
		// slots come and go only by what the coordinator is asked for, never meanwhile
		return !draft.slots
			.any((slot) -> slot.owned() && !this.rules.same(snapshot.owner(slot.number()), draft.coordinator));
	}

	private Slot judge(Draft draft, Slot slot, Snapshot snapshot) {
		SessionId session = slot.session();
		SessionId user = snapshot.user(slot.number());
		boolean covered = slot.covered() || !this.rules.keeps(Rule.QUERY_AFTER_CLOSE);
		if (slot.state() == State.COOLING && covered) {
			boolean gone = user == null && !this.rules.isAlive(snapshot, session);
			return gone ? new Slot(slot.number(), State.FREE, null) : slot;
		}
		boolean judged = slot.running() && (slot.covered() || slot.state() == State.LOST);
		if (session == null || !judged || this.rules.same(user, session)) {
			return slot.abortAt(Timers.NEVER);
		}
		if (slot.retiring()) {
			return watch(draft, slot, snapshot);
		}
		if (slot.state() == State.LOST && !this.rules.keeps(Rule.NEVER_CUT)) {
			draft.tell(new Close(session));
		}
		if (this.rules.keeps(Rule.RETIRE)) {
			draft.tell(new Retire(session));
			draft.lookWithin(this.rules.poll());
			return slot.retire();
		}
		return slot;
	}

	/**
	 * A session without its lock, which a pool was told to retire. While it is in use
	 * that waits, for ever if the server dropped it and its client was never told, as
	 * after a cut of the network.
	 */
	private Slot watch(Draft draft, Slot slot, Snapshot snapshot) {
		if (this.rules.isAlive(snapshot, slot.session()) && this.rules.keeps(Rule.ABORT_GONE)) {
			return slot.abortAt(Timers.NEVER);
		}
		long apart = this.rules.settings().auditInterval().toNanos();
		long abortAt = Math.min(slot.abortAt(), draft.now + apart);
		draft.lookWithin(abortAt - draft.now);
		return slot.abortAt(abortAt);
	}

	private void abort(Draft draft) {
		for (Slot slot : draft.slots) {
			SessionId session = slot.session();
			if (slot.running() && session != null && draft.now >= slot.abortAt() && this.rules.keeps(Rule.ABORT)) {
				draft.tell(new Close(session));
				this.fence.closed(draft, session);
			}
		}
	}

	private Map<Integer, SessionId> adoptable(Draft draft, Snapshot snapshot) {
		Map<Integer, SessionId> adoptable = new LinkedHashMap<>();
		for (Slot slot : draft.slots) {
			SessionId session = slot.session();
			if (slot.state() == State.LOST && session != null && snapshot.owner(slot.number()) == null
					&& (this.rules.same(snapshot.user(slot.number()), session)
							|| !this.rules.keeps(Rule.READOPT_IDENTITY))) {
				adoptable.put(slot.number(), session);
			}
		}
		return adoptable;
	}

}
