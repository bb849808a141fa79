package io.poolwise.lease.runtime;

import java.time.Duration;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LedgerException;

/**
 * Counts the sessions that hold no slot, now and then. In a large fleet each member
 * counts less often: the smallest budget that any of them announces applies, so it is
 * enough that one of them counts every few seconds.
 */
final class StrangerCount {

	private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

	private static final int COUNTING_MEMBERS = 2;

	private final LeaseRuntime runtime;

	private long at;

	private int last = Integer.MAX_VALUE;

	StrangerCount(LeaseRuntime runtime) {
		this.runtime = runtime;
		this.at = runtime.now();
	}

	boolean isDue() {
		return this.runtime.now() - this.at >= 0;
	}

	/**
	 * Counts, and counts again soon if the number is another one than the last.
	 * @return whether there are more than the last time
	 * @throws LedgerException if the session broke
	 */
	boolean count(CoordinatorSession session) throws LedgerException {
		this.at = this.runtime.now() + INTERVAL;
		int strangers = session.strangers();
		if (strangers == this.last) {
			this.at += INTERVAL * (Math.max(1, this.runtime.members() / COUNTING_MEMBERS) - 1);
		}
		boolean more = strangers > this.last;
		this.last = strangers;
		this.runtime.strangers(strangers);
		return more;
	}

}
