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
 * @param retiring whether the pool was told to close the session at its return; from then
 * on snapshots say whether the server still has it
 * @param abortAt when to close it though it is in use, if the server still doesn't have
 * it; {@link Timers#NEVER} while the server has it
 */
record Slot(int number, State state, @Nullable SessionId session, boolean covered, boolean retiring, long abortAt) {

	Slot(int number, State state, @Nullable SessionId session) {
		this(number, state, session, false, false, Timers.NEVER);
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
		return (this.covered || !matters) ? this : with(this.state, true, this.retiring, this.abortAt);
	}

	Slot retire() {
		return with(this.state, this.covered, true, this.abortAt);
	}

	Slot lost() {
		return with(State.LOST, false, this.retiring, this.abortAt);
	}

	Slot adopted() {
		return with(State.USED, false, this.retiring, this.abortAt);
	}

	Slot abortAt(long time) {
		return (this.abortAt == time) ? this : with(this.state, this.covered, this.retiring, time);
	}

	private Slot with(State state, boolean covered, boolean retiring, long abortAt) {
		return new Slot(this.number, state, this.session, covered, retiring, abortAt);
	}

}
