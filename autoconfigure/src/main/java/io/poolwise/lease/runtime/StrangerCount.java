package io.poolwise.lease.runtime;

import java.time.Duration;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.Strangers;
import org.jspecify.annotations.Nullable;

/**
 * Counts the sessions that hold no slot, now and then. In a large fleet each member
 * counts less often: whoever finds others announces that, and the rest count again.
 */
final class StrangerCount {

	private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

	private static final long SOON = Duration.ofSeconds(1).toNanos();

	private static final int COUNTING_MEMBERS = 2;

	private final LeaseRuntime runtime;

	private long at;

	private long before;

	private boolean twice;

	private @Nullable Strangers last;

	StrangerCount(LeaseRuntime runtime) {
		this.runtime = runtime;
		this.at = runtime.now();
		this.before = this.at - SOON;
	}

	boolean isDue() {
		return this.runtime.now() - this.at >= 0;
	}

	/**
	 * Counts as soon as the last count is a second old, and once more a second later:
	 * what only one of two counts shows does not matter.
	 */
	void soon() {
		long next = Math.max(this.runtime.now(), this.before + SOON);
		if (next - this.at < 0) {
			this.at = next;
		}
		this.twice = true;
	}

	/**
	 * Counts, and counts again soon if the number is another one than the last.
	 * @return whether there are more than the last time
	 * @throws LedgerException if the session broke
	 */
	boolean count(CoordinatorSession session) throws LedgerException {
		this.before = this.runtime.now();
		this.at = this.before + (this.twice ? SOON : INTERVAL);
		Strangers strangers = session.strangers(this.runtime.hasNarrowLimits());
		Strangers before = this.last;
		if (strangers.equals(before) && !this.twice) {
			this.at += INTERVAL * (Math.max(1, this.runtime.members() / COUNTING_MEMBERS) - 1);
		}
		this.twice = false;
		boolean more = before != null && strangers.exceed(before);
		this.last = strangers;
		this.runtime.strangers(strangers);
		return more;
	}

}
