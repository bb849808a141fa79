package io.poolwise.lease;

import java.util.List;
import java.util.function.Consumer;

import io.poolwise.lease.LeaseEvent.ConnectFailed;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseEvent.ConnectGone;
import io.poolwise.lease.LeaseEvent.ConnectRequested;
import io.poolwise.lease.LeaseEvent.ConnectUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenFailed;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseEvent.Notified;
import io.poolwise.lease.LeaseEvent.SessionClosed;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.LeaseEvent.Tick;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.ModelBounds.Fault;
import io.poolwise.lease.ModelSession.Stage;

/**
 * Every step that can come next in a world: of members, of the server, of the network.
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
				ofConnection(session, i);
			}
			ofNetwork(session, i);
		}
		if (from.faults < from.bounds.faults()) {
			faults();
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
		if ((state.phase == Phase.CLOSING || state.phase == Phase.ABANDONED) && noneOf(m, state.epoch)) {
			move(true, label(name, "sees its coordinator gone"),
					(next) -> next.step(m, new CoordinatorGone(state.epoch), 0));
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
				int seat = next.freeSeat();
				changed.seat = (seat == 0) ? 0 : 1 << seat;
				changed.stage = Stage.FIRST;
				if (!next.bounds.slow()) {
					opened(next, i);
				}
			});
			case FIRST -> move(true, label(name(m), "'s coordinator is open"), (next) -> opened(next, i));
			default -> {
			}
		}
	}

	private void opened(ModelWorld next, int i) {
		ModelSession changed = next.edit(i);
		changed.stage = Stage.LIVE;
		int seat = (changed.seat == 0) ? 0 : Integer.numberOfTrailingZeros(changed.seat);
		next.step(changed.member, new CoordinatorOpened(changed.epoch, changed.id, seat), 0);
	}

	private void ofConnection(ModelSession session, int i) {
		int m = session.member;
		if (!session.attached) {
			return;
		}
		String name = label(name(m), "'s connection on slot " + session.grant.slot());
		boolean ownFirst = !this.world.bounds.keeps(Rule.USE_BEFORE_OWN);
		if (!session.gone) {
			switch (session.stage) {
				case ACCEPTED -> move(true, label(name, ownFirst ? "reads own" : "takes use"), (next) -> {
					ModelSession changed = next.edit(i);
					changed.stage = Stage.FIRST;
					runStatement(next, changed, ownFirst);
				});
				case FIRST -> move(true, label(name, ownFirst ? "takes use" : "reads own"), (next) -> {
					ModelSession changed = next.edit(i);
					changed.stage = Stage.SECOND;
					runStatement(next, changed, !ownFirst);
				});
				case SECOND -> move(true, label(name, "is through"), (next) -> {
					ModelSession changed = next.edit(i);
					next.step(m, new ConnectFenced(changed.grant, changed.id, changed.first, changed.second), 0);
				});
				default -> {
				}
			}
		}
		if (session.stage == Stage.LIVE) {
			int running = 0;
			for (ModelSession each : this.world.sessions) {
				running += (each.running() && each.member == m) ? 1 : 0;
			}
			boolean excess = session.retired || running > this.world.states[m].allowed;
			if (excess || this.world.recycles < this.world.bounds.recycles()) {
				move(excess, label(name, excess ? "is closed, one too many" : "is recycled"), (next) -> {
					next.recycles += excess ? 0 : 1;
					ModelSession changed = next.edit(i);
					next.detach(changed);
					next.step(m, new SessionClosed(changed.id), 0);
				});
			}
		}
	}

	private void runStatement(ModelWorld next, ModelSession session, boolean readOwn) {
		int slot = session.grant.slot();
		if (readOwn) {
			SessionId owner = next.holder(slot, true);
			session.second = owner != null && (next.bounds.keeps(Rule.IDENTITY)
					? owner.equals(session.grant.coordinator()) : owner.pid() == session.grant.coordinator().pid());
		}
		else if (!next.bounds.keeps(Rule.ONE_LOCK)) {
			session.first = true;
		}
		else if (next.holder(slot, false) == null) {
			session.use = 1 << slot;
			session.first = true;
		}
	}

	private void ofNetwork(ModelSession session, int i) {
		String name = label(name(session.member), session.coordinator ? "'s coordinator" : "'s connection");
		if (session.stage == Stage.ASKED) {
			move(true, label(name, "is accepted"), (next) -> {
				ModelSession changed = next.edit(i);
				changed.id = next.newIdentity();
				changed.stage = Stage.ACCEPTED;
			});
		}
		else if (!session.attached) {
			move(true, label(name, "is dropped by the server, closed before"), (next) -> next.sessions.remove(i));
		}
		else if (session.gone && !session.silent) {
			move(true, label(name, "is noticed to be gone"), (next) -> notice(next, i));
		}
	}

	private void notice(ModelWorld next, int i) {
		ModelSession session = next.sessions.get(i);
		int m = session.member;
		if (session.coordinator && session.stage == Stage.LIVE) {
			next.step(m, new CoordinatorLost(session.epoch), 0);
			return;
		}
		next.sessions.remove(i);
		if (session.coordinator) {
			next.step(m, new CoordinatorOpenFailed(session.epoch), 0);
		}
		else if (session.stage == Stage.LIVE) {
			next.step(m, new SessionClosed(session.id), 0);
		}
		else {
			next.step(m, new ConnectFailed(session.grant), 0);
		}
	}

	private void faults() {
		for (int m = 0; m < this.world.states.length; m++) {
			int killed = m;
			fault(Fault.KILL, label(name(m), "is killed and starts again"), (next) -> {
				for (ModelSession session : List.copyOf(next.sessions)) {
					if (session.member == killed) {
						ModelSession changed = next.edit(session);
						changed.age++;
						changed.grant = (changed.grant != null)
								? new Grant(changed.grant.slot(), 0, changed.grant.coordinator()) : null;
						next.detach(changed);
					}
				}
				next.start(killed);
			});
		}
		for (int m = 0; m < this.world.states.length; m++) {
			int stopper = m;
			if (!this.world.states[m].leaving) {
				fault(Fault.STOP, label(name(m), "is stopped"), (next) -> next.step(stopper, new LeaseEvent.Stop(), 0));
			}
		}
		for (int m = 0; m < this.world.states.length; m++) {
			int cooler = m;
			if (this.world.states[m].demand > FairShare.LEAST) {
				fault(Fault.COOL_DOWN, label(name(m), "cools down"),
						(next) -> next.step(cooler, new LeaseEvent.DemandChanged(FairShare.LEAST), 0));
			}
		}
		for (int i = 0; i < this.world.sessions.size(); i++) {
			ofSession(this.world.sessions.get(i), i);
		}
		fault(Fault.RESTART, label("the server", "restarts"), (next) -> restart(next, false));
		fault(Fault.FAILOVER, label("the server", "fails over, and nobody is told"), (next) -> restart(next, true));
	}

	private void restart(ModelWorld next, boolean silent) {
		next.server++;
		for (ModelSession session : List.copyOf(next.sessions)) {
			if (session.onServer() && !session.attached) {
				next.sessions.remove(session);
			}
			else if (session.onServer()) {
				next.edit(session).vanish(silent && session.running());
			}
		}
	}

	private void ofSession(ModelSession session, int i) {
		if (!session.attached || session.gone) {
			return;
		}
		int m = session.member;
		String name = name(m);
		if (session.coordinator && session.stage == Stage.LIVE) {
			fault(Fault.DROP_COORDINATOR, label("the server", "drops the coordinator of " + name),
					(next) -> next.edit(i).vanish(false));
			fault(Fault.LOSE_COORDINATOR, label(name, "loses its coordinator, the server keeps it"),
					(next) -> next.step(m, new CoordinatorLost(session.epoch), 0));
		}
		else if (session.coordinator) {
			fault(Fault.OPEN_TIMEOUT, label(name, "gives up opening its coordinator"), (next) -> {
				next.detach(next.sessions.get(i));
				next.step(m, new CoordinatorOpenUnknown(session.epoch), 0);
			});
		}
		else if (session.stage == Stage.LIVE) {
			fault(Fault.DROP_SESSION, label("the server", "drops a connection of " + name),
					(next) -> next.edit(i).vanish(false));
			if (!session.unlocked) {
				fault(Fault.UNLOCK_ALL, label(name, "'s application gives all locks of a connection back"), (next) -> {
					ModelSession changed = next.edit(i);
					changed.unlocked = true;
					changed.use = 0;
				});
			}
		}
		else {
			fault(Fault.CONNECT_TIMEOUT, label(name, "gives up a connect"), (next) -> {
				next.detach(next.sessions.get(i));
				next.step(m, new ConnectUnknown(session.grant), 0);
			});
			Stage arrives = this.world.bounds.slow() ? Stage.ASKED : Stage.ACCEPTED;
			if (session.stage == arrives) {
				fault(Fault.CONNECT_REFUSED, label(name, "is refused a connection"), (next) -> {
					next.sessions.remove(i);
					next.step(m, new ConnectFailed(session.grant), 0);
				});
			}
		}
	}

	private boolean inDoubt(int m) {
		LeaseState state = this.world.states[m];
		for (ModelSession session : this.world.sessions) {
			boolean waited = session.coordinator && state.phase == Phase.CLOSING;
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

	private void fault(Fault kind, String label, Consumer<ModelWorld> change) {
		if (this.world.bounds.kinds().contains(kind)) {
			move(false, label, (next) -> {
				next.faults++;
				change.accept(next);
			});
		}
	}

	private void move(boolean progress, String label, Consumer<ModelWorld> change) {
		ModelWorld next = this.world.copy();
		change.accept(next);
		next.tidy();
		this.sink.accept(next, progress, label);
	}

	private String name(int m) {
		return String.valueOf((char) ('A' + m));
	}

	private String label(String who, Object... what) {
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
