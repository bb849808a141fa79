package io.poolwise.lease;

import java.util.function.Consumer;

import io.poolwise.lease.LeaseEvent.ConnectGone;
import io.poolwise.lease.LeaseEvent.ConnectRequested;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseEvent.Notified;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.LeaseEvent.Tick;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.ModelSession.Stage;

/**
 * Every step that can come next in a world: here those of members, besides those of
 * connections and faults.
 */
final class ModelMoves {

	interface Sink {

		/**
		 * Takes a world that can come next.
		 * @param world the world
		 * @param progress whether the step happens by itself, sooner or later
		 * @param label what happened, for people
		 */
		void accept(ModelWorld world, boolean progress, String label);

	}

	private final Sink sink;

	private final boolean labels;

	private final ModelConnections connections = new ModelConnections(this);

	private final ModelFaults faults = new ModelFaults(this);

	private ModelWorld world;

	ModelMoves(Sink sink, boolean labels) {
		this.sink = sink;
		this.labels = labels;
	}

	void expand(ModelWorld from) {
		this.world = from;
		for (int m = 0; m < from.states.length; m++) {
			ofMember(m);
		}
		for (int i = 0; i < from.sessions.size(); i++) {
			ModelSession session = from.sessions.get(i);
			if (session.coordinator) {
				ofCoordinator(session, i);
			}
			else {
				this.connections.ofConnection(from, session, i);
			}
			this.connections.ofNetwork(session, i);
		}
		if (from.faults < from.bounds.faults()) {
			this.faults.expand(from);
		}
	}

	private void ofMember(int m) {
		LeaseState state = this.world.states[m];
		String name = name(m);
		boolean idle = state.pending == LeaseState.Pending.NONE;
		if (idle && matters(m, ModelClock.SOON)) {
			move(true, label(name, "ticks"), (next) -> next.step(m, new Tick(), ModelClock.SOON));
		}
		if (idle && !inDoubt(m) && matters(m, ModelClock.LATER)) {
			move(true, label(name, "waits long"), (next) -> next.step(m, new Tick(), ModelClock.LATER));
		}
		if (this.world.notified[m]) {
			move(true, label(name, "hears a hint"), (next) -> {
				next.notified[m] = false;
				next.step(m, new Notified(state.epoch), 0);
			});
		}
		ModelSession coordinator = this.world.coordinator(m);
		if (this.world.answers[m] != null) {
			move(true, label(name, "is answered", this.world.answers[m]), (next) -> {
				LeaseEvent answer = next.answers[m];
				next.answers[m] = null;
				next.asked[m] = null;
				next.step(m, answer, 0);
			});
		}
		else if (this.world.asked[m] != null && coordinator != null && !coordinator.gone) {
			move(true, label(name, "'s coordinator runs", this.world.asked[m]), (next) -> run(next, m));
		}
		if (state.gateOpen() || !this.world.bounds.keeps(Rule.PAID_FIRST)) {
			move(true, label(name, "asks for a connection"), (next) -> next.step(m, new ConnectRequested(), 0));
		}
		for (Remnant remnant : state.remnants) {
			if (noneOf(m, remnant.epoch())) {
				move(true, label(name, "sees a coordinator gone"),
						(next) -> next.step(m, new CoordinatorGone(remnant.epoch()), 0));
			}
		}
		for (Connect connect : state.connects) {
			if (!connect.underWay() && noneOf(m, connect.grant())) {
				move(true, label(name, "sees a connect gone"),
						(next) -> next.step(m, new ConnectGone(connect.grant()), 0));
			}
		}
	}

	private void run(ModelWorld next, int m) {
		boolean slow = next.bounds.slow();
		do {
			next.execute(m);
		}
		while (!slow && next.answers[m] == null && next.broken == null);
		LeaseEvent answer = next.answers[m];
		if (answer != null && !(answer instanceof SnapshotArrived) && !slow) {
			next.answers[m] = null;
			next.asked[m] = null;
			next.step(m, answer, 0);
		}
	}

	private boolean matters(int m, long now) {
		LeaseState state = this.world.states[m];
		LeaseMember.Step step = this.world.members[m].step(state, new Tick(), now);
		return step.commands().stream().anyMatch((command) -> !(command instanceof LeaseCommand.Poll))
				|| !ModelClock.rebase(step.state(), now, m).equals(state);
	}

	private void ofCoordinator(ModelSession session, int i) {
		int m = session.member;
		if (!session.attached || session.stage == Stage.LIVE || session.gone) {
			return;
		}
		switch (session.stage) {
			case ACCEPTED -> move(true, label(name(m), "'s coordinator looks for a seat"), (next) -> {
				ModelSession changed = next.edit(i);
				int seat = next.freeSeat(m);
				changed.seat = (seat == 0) ? 0 : 1 << seat;
				changed.stage = Stage.FIRST;
				if (!next.bounds.slow()) {
					if (next.bounds.keeps(Rule.NO_SLOT_ABOVE)) {
						keepSeat(next, i);
					}
					opened(next, i);
				}
			});
			case FIRST -> move(true, label(name(m), "'s coordinator is open"), (next) -> {
				if (next.bounds.keeps(Rule.NO_SLOT_ABOVE)) {
					keepSeat(next, i);
				}
				opened(next, i);
			});
			default -> {
			}
		}
	}

	/** Another seat than the first is given back where slots are in its place. */
	private void keepSeat(ModelWorld next, int i) {
		ModelSession session = next.sessions.get(i);
		int seat = Integer.numberOfTrailingZeros(session.seat);
		boolean taken = false;
		for (int slot = 1; session.seat > 1 << 1 && slot <= next.bounds.slots(); slot++) {
			taken |= next.collides(slot, seat) && (next.holder(slot, true) != null || next.holder(slot, false) != null);
		}
		if (taken) {
			next.edit(i).seat = (next.freeSeat(session.member) == 1) ? 1 << 1 : 0;
		}
	}

	private void opened(ModelWorld next, int i) {
		ModelSession changed = next.edit(i);
		changed.stage = Stage.LIVE;
		int seat = (changed.seat == 0) ? 0 : Integer.numberOfTrailingZeros(changed.seat);
		next.step(changed.member, new CoordinatorOpened(changed.epoch, changed.id, seat), 0);
	}

	private boolean inDoubt(int m) {
		LeaseState state = this.world.states[m];
		for (ModelSession session : this.world.sessions) {
			boolean waited = session.coordinator
					&& state.remnants.stream().anyMatch((remnant) -> remnant.epoch() == session.epoch);
			if (session.member == m && session.age == 0 && !session.attached && (!session.settled || waited)) {
				return true;
			}
		}
		return false;
	}

	private boolean noneOf(int m, int epoch) {
		for (ModelSession session : this.world.sessions) {
			if (session.member == m && session.age == 0 && session.coordinator && session.epoch == epoch) {
				return false;
			}
		}
		return true;
	}

	private boolean noneOf(int m, Grant grant) {
		for (ModelSession session : this.world.sessions) {
			if (session.member == m && session.age == 0 && grant.equals(session.grant)) {
				return false;
			}
		}
		return true;
	}

	void move(boolean progress, String label, Consumer<ModelWorld> change) {
		ModelWorld next = this.world.copy();
		change.accept(next);
		next.tidy();
		this.sink.accept(next, progress, label);
	}

	String name(int m) {
		return String.valueOf((char) ('A' + m));
	}

	String label(String who, Object... what) {
		if (!this.labels) {
			return "";
		}
		StringBuilder label = new StringBuilder(who);
		for (Object part : what) {
			String text = String.valueOf((part instanceof Record) ? part.getClass().getSimpleName() : part);
			label.append(text.startsWith("'") ? "" : " ").append(text);
		}
		return label.toString();
	}

}
