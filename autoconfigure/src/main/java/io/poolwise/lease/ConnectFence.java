package io.poolwise.lease;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.poolwise.lease.LeaseCommand.Close;
import io.poolwise.lease.LeaseCommand.GrantConnect;
import io.poolwise.lease.LeaseCommand.HandOut;
import io.poolwise.lease.LeaseCommand.Refusal;
import io.poolwise.lease.LeaseCommand.RefuseConnect;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.Slot.State;

/**
 * Connects, their fence, and what is left of closed sessions (rules 3, 4 and 5).
 */
final class ConnectFence {

	private final Rules rules;

	private final CoordinatorLife life;

	ConnectFence(Rules rules, CoordinatorLife life) {
		this.rules = rules;
		this.life = life;
	}

	void requested(Draft draft) {
		boolean open = draft.phase == Phase.PAID || (draft.connected() && !this.rules.keeps(Rule.PAID_FIRST));
		if (!open || draft.leaving) {
			draft.tell(new RefuseConnect(Refusal.GATE_CLOSED));
			return;
		}
		if (tooManyOutstanding(draft)) {
			draft.tell(new RefuseConnect(Refusal.CONNECTS_OUTSTANDING));
			return;
		}
		int sessions = draft.slots.count((slot) -> slot.running() || slot.state() == State.CONNECTING);
		if (sessions >= draft.allowed && this.rules.keeps(Rule.PAID_FIRST)) {
			draft.tell(new RefuseConnect(Refusal.AT_TARGET));
			return;
		}
		Slot free = draft.slots.first((slot) -> slot.state() == State.FREE && slot.number() <= draft.share.slots());
		if (free == null) {
			draft.tell(new RefuseConnect(Refusal.NO_FREE_SLOT));
			return;
		}
		Grant grant = new Grant(free.number(), draft.epoch, draft.session());
		draft.put(new Slot(free.number(), State.CONNECTING, null));
		draft.connects.add(new Connect(grant));
		draft.tell(new GrantConnect(grant));
	}

	/**
	 * Those of unknown outcome cost their slots, or outlive their coordinator: they keep
	 * nobody from connecting, as long as there are few.
	 */
	private boolean tooManyOutstanding(Draft draft) {
		LeaseSettings settings = this.rules.settings();
		long underWay = draft.connects.stream()
			.filter((connect) -> connect.underWay() && connect.grant().epoch() == draft.epoch)
			.count();
		return (underWay >= settings.connects() && this.rules.keeps(Rule.CONNECT_LIMIT))
				|| draft.connects.size() - underWay >= settings.strays();
	}

	void fenced(Draft draft, ConnectFenced fenced) {
		Grant grant = fenced.grant();
		SessionId session = fenced.session();
		Connect connect = take(draft, grant);
		boolean current = draft.current(grant.epoch());
		boolean owned = fenced.ownHeld() || !this.rules.keeps(Rule.FENCE);
		boolean timely = connect != null && connect.underWay();
		boolean usable = (timely && current) || !this.rules.keeps(Rule.EPOCH_UNCHANGED);
		if (fenced.useTaken() && owned && usable) {
			draft.put(new Slot(grant.slot(), State.USED, session));
			draft.tell(new HandOut(grant.slot(), session));
			return;
		}
		draft.tell(new Close(session));
		if (current && timely && owned) {
			// somebody's dying session still has use(s): the slot pays for ours until it
			// is
			// gone, too
			draft.put(new Slot(grant.slot(), State.QUARANTINED, null));
			lookAgain(draft);
		}
		if (connect != null) {
			long until = draft.now + this.rules.authentication();
			draft.connects.add(new Connect(grant, until, session, false));
		}
		if (current && !owned) {
			this.life.lose(draft);
		}
	}

	/** No session came of the connect, or it is proven gone. */
	void settled(Draft draft, Grant grant) {
		Connect connect = take(draft, grant);
		Slot slot = slotOf(draft, grant);
		if (connect != null && slot != null) {
			cool(draft, slot, (connect.session() == null) ? State.FREE : State.COOLING);
		}
	}

	/** Closed sessions that a snapshot doesn't show any more. */
	void seen(Draft draft, Snapshot snapshot) {
		for (Connect connect : List.copyOf(draft.connects)) {
			if (connect.session() != null && connect.covered() && !this.rules.isAlive(snapshot, connect.session())) {
				over(draft, connect);
			}
		}
	}

	void unknown(Draft draft, Grant grant) {
		Connect connect = take(draft, grant);
		if (connect == null) {
			return;
		}
		Slot slot = slotOf(draft, grant);
		if (!this.rules.keeps(Rule.QUARANTINE)) {
			if (slot != null) {
				draft.put(new Slot(grant.slot(), State.FREE, null));
			}
			return;
		}
		draft.connects.add(new Connect(grant, draft.now + this.rules.authentication(), null, false));
		if (slot != null) {
			draft.put(new Slot(grant.slot(), State.QUARANTINED, null));
		}
	}

	void closed(Draft draft, SessionId session) {
		Slot slot = draft.slots.first((each) -> each.running() && session.equals(each.session()));
		if (slot == null) {
			return;
		}
		if (slot.state() == State.LOST) {
			draft.slots = draft.slots.filter((each) -> each.number() != slot.number());
			return;
		}
		boolean cools = this.rules.keeps(Rule.COOLING);
		draft.put(new Slot(slot.number(), cools ? State.COOLING : State.FREE, session));
		lookAgain(draft);
	}

	/** Connects that the server surely has no session of any more. */
	void expire(Draft draft) {
		for (Connect connect : List.copyOf(draft.connects)) {
			if (!connect.underWay() && draft.now >= connect.until()) {
				over(draft, connect);
			}
		}
	}

	private void over(Draft draft, Connect connect) {
		draft.connects.remove(connect);
		Slot slot = slotOf(draft, connect.grant());
		if (slot != null && slot.state() == State.QUARANTINED) {
			cool(draft, slot, State.COOLING);
		}
	}

	private void cool(Draft draft, Slot slot, State state) {
		draft.put(new Slot(slot.number(), state, null));
		if (state == State.COOLING) {
			lookAgain(draft);
		}
	}

	private void lookAgain(Draft draft) {
		draft.looks = 0;
		if (draft.connected()) {
			draft.lookWithin(this.rules.settle());
		}
	}

	private @Nullable Connect take(Draft draft, Grant grant) {
		for (Connect connect : draft.connects) {
			if (connect.grant().equals(grant)) {
				draft.connects.remove(connect);
				return connect;
			}
		}
		return null;
	}

	private @Nullable Slot slotOf(Draft draft, Grant grant) {
		Slot slot = draft.current(grant.epoch()) ? draft.slots.get(grant.slot()) : null;
		return (slot != null && (slot.state() == State.CONNECTING || slot.state() == State.QUARANTINED)) ? slot : null;
	}

}
