package io.poolwise.lease;

import org.jspecify.annotations.Nullable;

/**
 * One slot as its member sees it. A slot that is not listed is NONE: not ours.
 *
 * @param number the slot, from 1
 * @param state what it is used for
 * @param session the session that has or had its {@code use} lock, if one is known
 * @param covered whether a snapshot was asked for since the session was handed out or
 * closed; only then does that snapshot say anything about it
 * @param retiring whether the pool was told to close the session at its return
 */
record Slot(int number, State state, @Nullable SessionId session, boolean covered, boolean retiring) {

	Slot(int number, State state, @Nullable SessionId session) {
		this(number, state, session, false, false);
	}

	enum State {

		/** Owned, and nobody connects with it. */
		FREE,
		/** Owned; a connect is under way. */
		CONNECTING,
		/** Owned; its session is handed out. */
		USED,
		/** Owned; its session was closed and may not be gone yet. */
		COOLING,
		/** Owned; pays for the coordinator. */
		PAYING,
		/** Owned; a connect of unknown outcome may still have a session. */
		QUARANTINED,
		/** Not owned any more: its session was handed out in an earlier epoch. */
		LOST

	}

	boolean owned() {
		return this.state != State.LOST;
	}

	boolean running() {
		return this.state == State.USED || this.state == State.LOST;
	}

	boolean releasable() {
		return this.state == State.FREE || this.state == State.COOLING;
	}

	Slot cover() {
		boolean matters = this.state == State.USED || this.state == State.COOLING;
		return (this.covered || !matters) ? this : new Slot(this.number, this.state, this.session, true, this.retiring);
	}

	Slot retire() {
		return new Slot(this.number, this.state, this.session, this.covered, true);
	}

	Slot lost() {
		return new Slot(this.number, State.LOST, this.session, false, this.retiring);
	}

}
