package io.poolwise.lease;

import java.util.List;
import java.util.function.Consumer;

import io.poolwise.lease.LeaseEvent.ConnectFailed;
import io.poolwise.lease.LeaseEvent.ConnectUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenFailed;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenUnknown;
import io.poolwise.lease.ModelBounds.Fault;
import io.poolwise.lease.ModelSession.Stage;

/**
 * What can go wrong next in a world.
 */
final class ModelFaults {

	private final ModelMoves moves;

	private ModelWorld world;

	ModelFaults(ModelMoves moves) {
		this.moves = moves;
	}

	void expand(ModelWorld from) {
		this.world = from;
		for (int m = 0; m < this.world.states.length; m++) {
			int killed = m;
			fault(Fault.KILL, this.moves.label(this.moves.name(m), "is killed and starts again"), (next) -> {
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
				fault(Fault.STOP, this.moves.label(this.moves.name(m), "is stopped"),
						(next) -> next.step(stopper, new LeaseEvent.Stop(), 0));
			}
		}
		for (int m = 0; m < this.world.states.length; m++) {
			int cooler = m;
			if (this.world.states[m].demand.slots() > FairShare.LEAST) {
				fault(Fault.COOL_DOWN, this.moves.label(this.moves.name(m), "cools down"),
						(next) -> next.step(cooler, new LeaseEvent.DemandChanged(Demand.of(FairShare.LEAST)), 0));
			}
		}
		for (int i = 0; i < this.world.sessions.size(); i++) {
			ofSession(this.world.sessions.get(i), i);
		}
		fault(Fault.RESTART, this.moves.label("the server", "restarts"), (next) -> restart(next, false));
		fault(Fault.FAILOVER, this.moves.label("the server", "fails over, and nobody is told"),
				(next) -> restart(next, true));
		fault(Fault.SWITCH, this.moves.label("the name", "leads to another server"), this::leadElsewhere);
	}

	private void leadElsewhere(ModelWorld next) {
		next.server++;
		for (ModelSession session : List.copyOf(next.sessions)) {
			if (session.running() && !session.gone) {
				ModelSession changed = next.edit(session);
				changed.unlock();
				changed.elsewhere = true;
			}
			else if (session.onServer() && !session.attached) {
				next.sessions.remove(session);
			}
			else if (session.onServer()) {
				next.edit(session).vanish(false);
			}
		}
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
		String name = this.moves.name(m);
		if (session.coordinator && session.stage == Stage.LIVE) {
			fault(Fault.DROP_COORDINATOR, this.moves.label("the server", "drops the coordinator of " + name),
					(next) -> next.edit(i).vanish(false));
			fault(Fault.LOSE_COORDINATOR, this.moves.label(name, "loses its coordinator, the server keeps it"),
					(next) -> next.step(m, new CoordinatorLost(session.epoch), 0));
		}
		else if (session.coordinator) {
			fault(Fault.OPEN_TIMEOUT, this.moves.label(name, "gives up opening its coordinator"), (next) -> {
				next.detach(next.sessions.get(i));
				next.step(m, new CoordinatorOpenUnknown(session.epoch), 0);
			});
			if (session.stage == arrives()) {
				fault(Fault.OPEN_REFUSED, this.moves.label("nobody answers the coordinator of " + name), (next) -> {
					next.sessions.remove(i);
					next.step(m, new CoordinatorOpenFailed(session.epoch), 0);
				});
			}
		}
		else if (session.stage == Stage.LIVE) {
			fault(Fault.DROP_SESSION, this.moves.label("the server", "drops a connection of " + name),
					(next) -> next.edit(i).vanish(false));
			fault(Fault.DROP_IN_SILENCE, this.moves.label(name, "isn't told that a connection is dropped"),
					(next) -> next.edit(i).vanish(true));
			if (!session.unlocked) {
				fault(Fault.UNLOCK_ALL, this.moves.label(name, "'s application gives all locks of a connection back"),
						(next) -> {
							ModelSession changed = next.edit(i);
							changed.unlocked = true;
							changed.use = 0;
						});
			}
		}
		else {
			fault(Fault.CONNECT_TIMEOUT, this.moves.label(name, "gives up a connect"), (next) -> {
				ModelSession changed = next.edit(i);
				changed.unknown = true;
				next.detach(changed);
				next.step(m, new ConnectUnknown(session.grant), 0);
			});
			if (session.stage == arrives()) {
				fault(Fault.CONNECT_REFUSED, this.moves.label(name, "is refused a connection"), (next) -> {
					next.sessions.remove(i);
					next.step(m, new ConnectFailed(session.grant), 0);
				});
			}
		}
	}

	private Stage arrives() {
		return this.world.bounds.slow() ? Stage.ASKED : Stage.ACCEPTED;
	}

	private void fault(Fault kind, String label, Consumer<ModelWorld> change) {
		if (this.world.bounds.kinds().contains(kind)) {
			this.moves.move(false, label, (next) -> {
				next.faults++;
				change.accept(next);
			});
		}
	}

}
