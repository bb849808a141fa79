package io.poolwise.lease;

import io.poolwise.lease.LeaseEvent.ConnectFailed;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenFailed;
import io.poolwise.lease.LeaseEvent.SessionClosed;
import io.poolwise.lease.ModelSession.Stage;

/**
 * What can come next of a connection of a pool, and of the network below any session.
 */
final class ModelConnections {

	private final ModelMoves moves;

	ModelConnections(ModelMoves moves) {
		this.moves = moves;
	}

	void ofConnection(ModelWorld world, ModelSession session, int i) {
		int m = session.member;
		if (!session.attached) {
			return;
		}
		String name = this.moves.label(this.moves.name(m), "'s connection on slot " + session.grant.slot());
		boolean ownFirst = !world.bounds.keeps(Rule.USE_BEFORE_OWN);
		if (!session.gone) {
			switch (session.stage) {
				case ACCEPTED ->
					this.moves.move(true, this.moves.label(name, ownFirst ? "reads own" : "takes use"), (next) -> {
						ModelSession changed = next.edit(i);
						changed.stage = Stage.FIRST;
						runStatement(next, changed, ownFirst);
					});
				case FIRST ->
					this.moves.move(true, this.moves.label(name, ownFirst ? "takes use" : "reads own"), (next) -> {
						ModelSession changed = next.edit(i);
						changed.stage = Stage.SECOND;
						runStatement(next, changed, !ownFirst);
					});
				case SECOND -> this.moves.move(true, this.moves.label(name, "is through"), (next) -> {
					ModelSession changed = next.edit(i);
					next.step(m, new ConnectFenced(changed.grant, changed.id, changed.first, changed.second), 0);
				});
				default -> {
				}
			}
		}
		if (session.stage == Stage.LIVE && (!session.silent || world.states[m].leaving)) {
			int running = 0;
			for (ModelSession each : world.sessions) {
				running += (each.running() && each.member == m) ? 1 : 0;
			}
			boolean excess = session.retired || running > world.states[m].allowed;
			if (excess || world.recycles < world.bounds.recycles()) {
				this.moves.move(excess, this.moves.label(name, excess ? "is closed, one too many" : "is recycled"),
						(next) -> {
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

	void ofNetwork(ModelSession session, int i) {
		String name = this.moves.label(this.moves.name(session.member),
				session.coordinator ? "'s coordinator" : "'s connection");
		if (session.stage == Stage.ASKED) {
			this.moves.move(true, this.moves.label(name, "is accepted"), (next) -> {
				ModelSession changed = next.edit(i);
				changed.id = next.newIdentity();
				changed.stage = Stage.ACCEPTED;
			});
		}
		else if (!session.attached) {
			this.moves.move(true, this.moves.label(name, "is dropped by the server, closed before"),
					(next) -> next.sessions.remove(i));
		}
		else if (session.gone && !session.silent) {
			this.moves.move(true, this.moves.label(name, "is noticed to be gone"), (next) -> notice(next, i));
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

}
