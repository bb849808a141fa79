package io.poolwise.lease;

import java.util.ArrayList;
import java.util.List;

import io.poolwise.lease.LeaseCommand.Announce;
import io.poolwise.lease.LeaseCommand.Close;
import io.poolwise.lease.LeaseCommand.CloseCoordinator;
import io.poolwise.lease.LeaseCommand.GrantConnect;
import io.poolwise.lease.LeaseCommand.HandOut;
import io.poolwise.lease.LeaseCommand.OpenCoordinator;
import io.poolwise.lease.LeaseCommand.Pay;
import io.poolwise.lease.LeaseCommand.Poll;
import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Readopt;
import io.poolwise.lease.LeaseCommand.Release;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseCommand.TryAcquire;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.Polled;
import io.poolwise.lease.ModelSession.Stage;

/**
 * One moment of a model: every member as it is, and a server whose every step is
 * asynchronous.
 */
final class ModelWorld {

	final ModelBounds bounds;

	final LeaseMember[] members;

	final LeaseState[] states;

	/** What each coordinator was asked for, how far it is, and the answer. */
	final LeaseCommand[] asked;

	final int[] progress;

	final int[] taken;

	final LeaseEvent[] answers;

	final boolean[] notified;

	final List<ModelSession> sessions;

	int server = 1;

	int faults;

	int recycles;

	/** What the last step broke, {@code null} if nothing. */
	ModelProperty broken;

	ModelWorld(ModelBounds bounds) {
		int count = bounds.members();
		this.bounds = bounds;
		this.members = new LeaseMember[count];
		this.states = new LeaseState[count];
		this.asked = new LeaseCommand[count];
		this.progress = new int[count];
		this.taken = new int[count];
		this.answers = new LeaseEvent[count];
		this.notified = new boolean[count];
		this.sessions = new ArrayList<>();
		for (int m = 0; m < count; m++) {
			this.members[m] = bounds.member(m);
			start(m);
		}
	}

	private ModelWorld(ModelWorld from) {
		this.bounds = from.bounds;
		this.members = from.members;
		this.states = from.states.clone();
		this.asked = from.asked.clone();
		this.progress = from.progress.clone();
		this.taken = from.taken.clone();
		this.answers = from.answers.clone();
		this.notified = from.notified.clone();
		this.sessions = new ArrayList<>(from.sessions);
		this.server = from.server;
		this.faults = from.faults;
		this.recycles = from.recycles;
	}

	/** A session to change: worlds share those that stay as they are. */
	ModelSession edit(int index) {
		ModelSession copy = this.sessions.get(index).clone();
		this.sessions.set(index, copy);
		return copy;
	}

	ModelSession edit(ModelSession session) {
		return edit(this.sessions.indexOf(session));
	}

	ModelWorld copy() {
		return new ModelWorld(this);
	}

	void start(int m) {
		LeaseState state = this.members[m].start(this.bounds.slots(m), m, 0);
		Draft draft = Draft.of(state, 0);
		draft.demand = this.bounds.demand(this.bounds.demand().get(m));
		this.states[m] = ModelClock.rebase(new LeaseState(draft), 0, m);
		this.asked[m] = null;
		this.answers[m] = null;
		this.progress[m] = 0;
		this.taken[m] = 0;
		this.notified[m] = false;
	}

	void step(int m, LeaseEvent event, long now) {
		LeaseState before = this.states[m];
		LeaseMember.Step step = this.members[m].step(before, event, now);
		this.states[m] = ModelClock.rebase(step.state(), now, m);
		for (LeaseCommand command : step.commands()) {
			carryOut(m, command, event);
		}
		if (this.broken == null) {
			this.broken = ModelProperty.ofStep(this, m, before, event);
		}
		if (this.asked[m] instanceof Poll poll) {
			this.asked[m] = null;
			ModelSession coordinator = coordinator(m);
			boolean lives = coordinator != null && !coordinator.gone;
			step(m, lives ? new Polled(poll.epoch(), 0) : new CoordinatorLost(poll.epoch()), 0);
		}
	}

	private void carryOut(int m, LeaseCommand command, LeaseEvent cause) {
		if (command instanceof OpenCoordinator open) {
			leaveBehind(m);
			ask(new ModelSession(m, open.epoch(), null));
		}
		else if (command instanceof CloseCoordinator) {
			ModelSession coordinator = coordinator(m);
			if (coordinator != null) {
				if (this.broken == null) {
					this.broken = ModelProperty.ofClose(this, m, coordinator, cause);
				}
				detach(coordinator);
			}
			this.asked[m] = null;
			this.answers[m] = null;
			this.progress[m] = 0;
			this.taken[m] = 0;
		}
		else if (command instanceof GrantConnect connect) {
			ask(new ModelSession(m, connect.grant().epoch(), connect.grant()));
		}
		else if (command instanceof HandOut handOut) {
			ModelSession session = edit(find(m, handOut.session()));
			if (this.broken == null && !session.gone) {
				this.broken = ModelProperty.ofUse(this, session, false);
			}
			session.stage = Stage.LIVE;
			session.settled = true;
			session.first = false;
			session.second = false;
		}
		else if (command instanceof Close close) {
			ModelSession session = find(m, close.session());
			if (session != null) {
				if (session.stage == Stage.LIVE && !session.gone) {
					this.broken = ModelProperty.CUT;
				}
				detach(session);
			}
		}
		else if (command instanceof Retire retire) {
			ModelSession session = find(m, retire.session());
			if (session != null) {
				edit(session).retired = true;
			}
		}
		else if (command instanceof Announce || command instanceof ReadSnapshot || command instanceof TryAcquire
				|| command instanceof Readopt || command instanceof Pay || command instanceof Release
				|| command instanceof Poll) {
			this.asked[m] = command;
			this.answers[m] = null;
			this.progress[m] = 0;
			this.taken[m] = 0;
		}
	}

	ModelSession coordinator(int m) {
		for (ModelSession session : this.sessions) {
			if (session.member == m && session.coordinator && session.attached && session.age == 0) {
				return session;
			}
		}
		return null;
	}

	ModelSession find(int m, SessionId id) {
		for (ModelSession session : this.sessions) {
			if (session.member == m && session.attached && id.equals(session.id)) {
				return session;
			}
		}
		return null;
	}

	/** What was given up or closed stands beside the next attempt. */
	private void leaveBehind(int m) {
		for (Remnant remnant : this.states[m].remnants) {
			for (int i = 0; i < this.sessions.size(); i++) {
				ModelSession session = this.sessions.get(i);
				if (session.member == m && session.age == 0 && session.coordinator && session.epoch == remnant.epoch()
						&& !session.unknown) {
					edit(i).unknown = true;
				}
			}
		}
	}

	void detach(ModelSession session) {
		if (session.gone || session.elsewhere) {
			this.sessions.remove(session);
		}
		else {
			edit(session).detach();
		}
	}

	private void ask(ModelSession session) {
		this.sessions.add(session);
		if (!this.bounds.slow()) {
			session.id = newIdentity();
			session.stage = Stage.ACCEPTED;
		}
	}

	/** The server runs the next part of what a coordinator was asked for. */
	void execute(int m) {
		new ModelLedger(this).execute(m);
	}

	SessionId holder(int slot, boolean own) {
		int bit = 1 << slot;
		for (ModelSession session : this.sessions) {
			if (session.onServer() && ((own ? session.own : session.use) & bit) != 0) {
				return session.id;
			}
		}
		return null;
	}

	int freeSeat(int member) {
		int taken = 0;
		for (ModelSession session : this.sessions) {
			taken |= session.onServer() ? session.seat : 0;
		}
		for (int seat = 1; seat <= this.bounds.seatsOf(member); seat++) {
			if ((taken & (1 << seat)) == 0) {
				return seat;
			}
		}
		return 0;
	}

	/** Whether a slot has to be given up for a seat, or the seat for the slot. */
	boolean collides(int slot, int seat) {
		return slot + seat > this.bounds.budget();
	}

	int highestSeat() {
		int seat = 0;
		for (ModelSession session : this.sessions) {
			seat = session.onServer() ? Math.max(seat, 31 - Integer.numberOfLeadingZeros(session.seat | 1)) : seat;
		}
		return seat;
	}

	void hint(int from) {
		for (int m = 0; m < this.notified.length; m++) {
			if (m != from && this.states[m].coordinator != null) {
				if (this.bounds.slow()) {
					this.notified[m] = true;
				}
				else {
					step(m, new LeaseEvent.Notified(this.states[m].epoch), 0);
				}
			}
		}
	}

	/** A number that no session on the server has, as a server that reuses them would. */
	SessionId newIdentity() {
		return new ModelNumbers(this).newIdentity();
	}

	/** Has equal worlds look equal. */
	void tidy() {
		new ModelNumbers(this).tidy();
	}

}
