package io.poolwise.lease;

import org.jspecify.annotations.Nullable;

/**
 * A connect that counts as outstanding: under way, of unknown outcome, or closed and not
 * proven gone.
 *
 * @param grant what it was made with
 * @param until when it is surely gone, in nanoseconds; {@link Timers#NEVER} while it is
 * under way
 * @param session its session, if it was closed after a failed fence
 * @param covered whether a snapshot was asked for since the close
 */
record Connect(Grant grant, long until, @Nullable SessionId session, boolean covered) {

	Connect(Grant grant) {
		this(grant, Timers.NEVER, null, false);
	}

	boolean underWay() {
		return this.until == Timers.NEVER;
	}

	Connect cover() {
		return new Connect(this.grant, this.until, this.session, true);
	}

}
