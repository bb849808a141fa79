package io.poolwise.lease;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Readopt;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;

/**
 * The numbers of sessions and epochs in a world: which are used is of no matter, so that
 * equal worlds can be made to look equal.
 */
final class ModelNumbers {

	private final ModelWorld world;

	ModelNumbers(ModelWorld world) {
		this.world = world;
	}

	/** A number that no session on the server has, as a server that reuses them would. */
	SessionId newIdentity() {
		Set<SessionId> known = new HashSet<>();
		Set<Long> alive = new HashSet<>();
		for (ModelSession session : this.world.sessions) {
			if (session.id != null) {
				known.add(session.id);
				if (session.onServer()) {
					alive.add(session.id.pid());
				}
			}
			if (session.grant != null) {
				known.add(session.grant.coordinator());
			}
		}
		for (int m = 0; m < this.world.states.length; m++) {
			LeaseState state = this.world.states[m];
			state.slots.forEach((slot) -> known.add(slot.session()));
			state.connects.forEach((connect) -> {
				known.add(connect.session());
				known.add(connect.grant().coordinator());
			});
			known.addAll(mentioned(this.world.asked[m], this.world.answers[m]));
		}
		long pid = 1;
		while (alive.contains(pid)) {
			pid++;
		}
		long nonce = 0;
		while (known.contains(new SessionId(this.world.server, pid, nonce))) {
			nonce++;
		}
		return new SessionId(this.world.server, pid, nonce);
	}

	private Set<SessionId> mentioned(LeaseCommand command, LeaseEvent answer) {
		Set<SessionId> mentioned = new LinkedHashSet<>();
		if (command instanceof ReadSnapshot read) {
			mentioned.addAll(read.watched());
		}
		if (command instanceof Readopt readopt) {
			mentioned.addAll(readopt.sessions().values());
		}
		if (answer instanceof SnapshotArrived arrived) {
			Snapshot snapshot = arrived.snapshot();
			mentioned.addAll(snapshot.alive());
			mentioned.addAll(snapshot.members().keySet());
			for (int slot = 1; slot <= snapshot.size(); slot++) {
				mentioned.add(snapshot.owner(slot));
				mentioned.add(snapshot.user(slot));
			}
		}
		return mentioned;
	}

	/**
	 * Numbers the epochs of each member by their order, so that equal worlds look equal.
	 */
	void tidy() {
		for (int m = 0; m < this.world.states.length; m++) {
			LeaseState state = this.world.states[m];
			int epochs = 1 << state.epoch;
			for (Connect connect : state.connects) {
				epochs |= 1 << connect.grant().epoch();
			}
			for (Remnant remnant : state.remnants) {
				epochs |= 1 << remnant.epoch();
			}
			for (ModelSession session : this.world.sessions) {
				if (session.member == m && session.age == 0) {
					epochs |= 1 << session.epoch;
				}
			}
			int count = Integer.bitCount(epochs);
			if (epochs != ((1 << count) - 1) << 1) {
				renumber(m, epochs);
			}
		}
		renumberKilled();
		for (int i = 0; i < this.world.sessions.size(); i++) {
			ModelSession session = this.world.sessions.get(i);
			if (!session.settled && !session.gone && ModelProperty.settles(this.world, session)) {
				this.world.edit(i).settled = true;
			}
		}
		this.world.sessions.sort(ModelCodec.ORDER);
	}

	/** What a killed member left is told apart by the order of its epochs. */
	private void renumberKilled() {
		List<ModelSession> before = null;
		for (int i = 0; i < this.world.sessions.size(); i++) {
			ModelSession session = this.world.sessions.get(i);
			if (session.age > 0) {
				before = (before != null) ? before : List.copyOf(this.world.sessions);
				int earlier = 0;
				for (ModelSession other : before) {
					boolean same = other.member == session.member && other.age == session.age;
					earlier |= (same && other.epoch < session.epoch) ? 1 << other.epoch : 0;
				}
				int rank = Integer.bitCount(earlier) + 1;
				if (rank != session.epoch) {
					this.world.edit(i).epoch = rank;
				}
			}
		}
	}

	private void renumber(int m, int epochs) {
		IntUnaryOperator order = (epoch) -> Integer.bitCount(epochs & ((1 << epoch) - 1)) + 1;
		this.world.states[m] = ModelClock.renumber(this.world.states[m], order);
		for (int i = 0; i < this.world.sessions.size(); i++) {
			ModelSession session = this.world.sessions.get(i);
			if (session.member == m && session.age == 0) {
				ModelSession changed = this.world.edit(i);
				changed.epoch = order.applyAsInt(session.epoch);
				changed.grant = (session.grant != null) ? ModelClock.renumber(session.grant, order) : null;
			}
		}
		int current = this.world.states[m].epoch;
		this.world.asked[m] = (this.world.asked[m] != null) ? ModelCodec.renumber(this.world.asked[m], current) : null;
		this.world.answers[m] = (this.world.answers[m] != null) ? ModelCodec.renumber(this.world.answers[m], current)
				: null;
	}

}
