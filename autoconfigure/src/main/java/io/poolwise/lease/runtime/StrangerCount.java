package io.poolwise.lease.runtime;

import java.time.Duration;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.Strangers;
import org.jspecify.annotations.Nullable;

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

	private @Nullable Strangers last;

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
		Strangers strangers = session.strangers(this.runtime.hasNarrowLimits());
		Strangers before = this.last;
		if (strangers.equals(before)) {
			this.at += INTERVAL * (Math.max(1, this.runtime.members() / COUNTING_MEMBERS) - 1);
		}
		boolean more = before != null && strangers.exceed(before);
		this.last = strangers;
		this.runtime.strangers(strangers);
		return more;
	}

}
