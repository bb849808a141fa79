package io.poolwise.lease;

import java.util.function.Function;

import io.poolwise.lease.LeaseCommand.Close;
import io.poolwise.lease.LeaseCommand.CloseCoordinator;
import io.poolwise.lease.LeaseCommand.OpenCoordinator;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseState.Pending;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.Slot.State;

/**
 * The coordinator session: opened, seated, lost, closed (rules 7, 8 and 9).
 */
final class CoordinatorLife {

	private static final int MOST_DOUBLINGS = 5;

	/** The pause after an attempt of unknown outcome, times the usual one. */
	private static final int UNKNOWN_PAUSES = 10;

	private final Rules rules;

	CoordinatorLife(Rules rules) {
		this.rules = rules;
	}

	void tick(Draft draft) {
		draft.remnants.removeIf((remnant) -> draft.now >= remnant.until());
		if (draft.now < draft.phaseAt) {
			return;
		}
		switch (draft.phase) {
			case OFFLINE -> open(draft);
			case SEATED -> loseHope(draft);
			default -> {
			}
		}
	}

	void opened(Draft draft, CoordinatorOpened opened) {
		if (draft.phase != Phase.OPENING || opened.epoch() != draft.epoch) {
			return;
		}
		SessionId session = opened.session();
		if (draft.server != session.server()) {
			serverChanged(draft);
			draft.server = session.server();
		}
		draft.coordinator = session;
		draft.seat = opened.seat();
		if (draft.leaving || (draft.seat == 0 && this.rules.keeps(Rule.SEAT))) {
			close(draft);
			return;
		}
		draft.phase = Phase.SEATED;
		draft.phaseAt = draft.now + draft.around(this.rules.settings().joinPatience().toNanos());
		draft.pollAt = draft.now + draft.around(this.rules.poll());
		draft.snapshotAt = draft.now;
		draft.announceAt = draft.now;
		draft.announced = null;
		draft.share = Share.unknown(draft.total);
	}

	void openFailed(Draft draft, int epoch) {
		if (draft.phase == Phase.OPENING && epoch == draft.epoch) {
			backOff(draft);
		}
	}

	void openUnknown(Draft draft, int epoch) {
		if (draft.phase == Phase.OPENING && epoch == draft.epoch) {
			leaveBehind(draft);
		}
	}

	void gone(Draft draft, int epoch) {
		boolean removed = draft.remnants.removeIf((remnant) -> remnant.epoch() == epoch);
		if (removed && draft.phase == Phase.OFFLINE) {
			draft.phaseAt = Math.min(draft.phaseAt, draft.now + pause(draft));
		}
	}

	/**
	 * Forgets what was held by the coordinator alone; running work goes on, and connects
	 * stay counted.
	 */
	void lose(Draft draft) {
		draft.tell(new CloseCoordinator(draft.epoch));
		draft.coordinator = null;
		draft.pending = Pending.NONE;
		draft.phase = Phase.OFFLINE;
		draft.phaseAt = (draft.attempts == 0) ? draft.now : draft.now + pause(draft);
		draft.attempts = Math.min(draft.attempts + 1, MOST_DOUBLINGS);
		disconnect(draft);
		if (!this.rules.keeps(Rule.RUNNING_WORK)) {
			dropRunning(draft, Close::new);
		}
		if (!this.rules.keeps(Rule.ACROSS_EPOCHS)) {
			draft.connects.clear();
		}
		draft.slots = this.rules.keeps(Rule.FORGET) ? draft.slots.filter(Slot::running)
				: draft.slots
					.filter((slot) -> slot.running() || slot.state() == State.FREE || slot.state() == State.PAYING)
					.map((slot) -> (slot.state() == State.PAYING) ? new Slot(slot.number(), State.FREE, null) : slot);
		if (this.rules.keeps(Rule.READOPT)) {
			draft.slots = draft.slots.map((slot) -> (slot.state() == State.USED) ? slot.lost() : slot);
		}
	}

	/** Closes the session in order, and with it gives up every slot that is owned. */
	void close(Draft draft) {
		draft.tell(new CloseCoordinator(draft.epoch));
		draft.coordinator = null;
		draft.pending = Pending.NONE;
		draft.slots = draft.slots.filter(Slot::running).map(Slot::lost);
		disconnect(draft);
		leaveBehind(draft);
	}

	/**
	 * The server may have the session for a while. The next one need not wait for that,
	 * as long as there are few.
	 */
	private void leaveBehind(Draft draft) {
		int attempts = draft.attempts;
		if (this.rules.keeps(Rule.REMNANTS)) {
			draft.remnants.add(new Remnant(draft.epoch, draft.now + this.rules.authentication()));
		}
		backOff(draft);
		if (draft.phase == Phase.OFFLINE) {
			long pause = (UNKNOWN_PAUSES * this.rules.settings().backoff().toNanos()) << attempts;
			draft.phaseAt = draft.now + draft.around(pause);
		}
	}

	private void open(Draft draft) {
		if (draft.leaving) {
			draft.phase = Phase.STOPPED;
			draft.phaseAt = Timers.NEVER;
			return;
		}
		if (draft.remnants.size() >= this.rules.settings().strays()) {
			draft.phaseAt = draft.remnants.stream().mapToLong(Remnant::until).min().orElse(draft.now);
			return;
		}
		draft.epoch++;
		draft.phase = Phase.OPENING;
		draft.phaseAt = Timers.NEVER;
		draft.tell(new OpenCoordinator(draft.epoch, draft.total + this.rules.settings().seats()));
	}

	private void loseHope(Draft draft) {
		draft.phaseAt = draft.now + draft.around(this.rules.settings().joinPatience().toNanos());
		boolean busy = draft.slots.any(Slot::running) || draft.slots.size() >= FairShare.LEAST;
		if (!busy && this.rules.keeps(Rule.DROP_ALL)) {
			close(draft);
		}
	}

	/** Sessions of another server hold no slot of this one; they finish what they do. */
	private void serverChanged(Draft draft) {
		if (this.rules.keeps(Rule.SERVER_CHANGED)) {
			dropRunning(draft, Retire::new);
		}
	}

	private void dropRunning(Draft draft, Function<SessionId, LeaseCommand> command) {
		for (Slot slot : draft.slots) {
			SessionId session = slot.session();
			if (slot.running() && session != null) {
				draft.tell(command.apply(session));
			}
		}
		draft.slots = draft.slots.filter((slot) -> !slot.running());
	}

	private void disconnect(Draft draft) {
		draft.share = Share.unknown(draft.total);
		draft.announced = null;
		draft.called = false;
		draft.seat = 0;
		draft.pollAt = Timers.NEVER;
		draft.snapshotAt = Timers.NEVER;
		draft.announceAt = Timers.NEVER;
		draft.auditAt = Timers.NEVER;
	}

	private void backOff(Draft draft) {
		draft.phase = Phase.OFFLINE;
		draft.phaseAt = draft.leaving ? draft.now : draft.now + pause(draft);
		draft.attempts = Math.min(draft.attempts + 1, MOST_DOUBLINGS);
		if (draft.leaving) {
			open(draft);
		}
	}

	private long pause(Draft draft) {
		long most = this.rules.settings().backoff().toNanos() << draft.attempts;
		return most - most / 2 + draft.between(most / 2);
	}

}
