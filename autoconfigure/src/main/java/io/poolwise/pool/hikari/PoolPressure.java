package io.poolwise.pool.hikari;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.NoLeaveException;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolRefusedException;
import io.poolwise.pool.PoolSaturatedException;
import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.PoolTimeoutException;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.PoolUnavailable;
import io.poolwise.pool.PostMortem;
import io.poolwise.pool.RetryHint;
import io.poolwise.pool.ServerUnreachableException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the callers that got no connection, and tells each what it should know. Nothing
 * here lies on the way of those that get one.
 */
final class PoolPressure {

	private final String name;

	private final HikariDataSource pool;

	private final HikariResizer resizer;

	private final @Nullable PostMortems postMortems;

	private final RetryHint retryHint;

	private final LongAdder refusals = new LongAdder();

	private final LongAdder timeouts = new LongAdder();

	PoolPressure(String name, HikariDataSource pool, ConnectionGate gate, HikariResizer resizer,
			@Nullable PostMortems postMortems, LongSupplier nanos) {
		this.name = name;
		this.pool = pool;
		this.resizer = resizer;
		this.postMortems = postMortems;
		this.retryHint = new RetryHint(gate::returns, nanos);
	}

	PoolTrouble trouble() {
		PostMortems postMortems = this.postMortems;
		return (postMortems != null)
				? new PoolTrouble(this.refusals.sum(), this.timeouts.sum(), postMortems.last(), postMortems.verdicts())
				: new PoolTrouble(this.refusals.sum(), this.timeouts.sum(), null);
	}

	/**
	 * What a caller is told that may not wait.
	 * @param maxPending callers that may
	 */
	PoolSaturatedException refusal(int maxPending) {
		this.refusals.increment();
		// those that look for a free connection count in HikariCP for that moment
		PoolShortage shortage = shortage(maxPending);
		if (this.postMortems != null) {
			this.postMortems.refused(shortage, this.refusals::sum, this.timeouts::sum);
		}
		return new PoolSaturatedException(shortage, maxPending);
	}

	/**
	 * What a caller is told to whom HikariCP gave no connection.
	 * @param ex what HikariCP says
	 */
	SQLTransientConnectionException explained(SQLTransientConnectionException ex) {
		boolean started = this.pool.getHikariPoolMXBean() != null;
		if (ex instanceof PoolUnavailable || (!started && !(ex instanceof NoLeaveException))) {
			return ex;
		}
		if (ex instanceof NoLeaveException denied && denied.isLasting()) {
			this.refusals.increment();
			return new PoolRefusedException(shortage(Integer.MAX_VALUE), denied);
		}
		this.timeouts.increment();
		PoolShortage shortage = shortage(Integer.MAX_VALUE);
		Duration waited = acquireTimeout();
		PostMortem postMortem = (this.postMortems != null && started)
				? this.postMortems.timedOut(shortage, waited, this.refusals::sum, this.timeouts::sum) : null;
		return new PoolTimeoutException(shortage, waited, postMortem, ex);
	}

	/**
	 * What a caller is told that is not made to wait for a server that can't be reached.
	 * @param why what the last connect failed with, in words
	 */
	ServerUnreachableException unreachable(String why) {
		return new ServerUnreachableException(shortage(Integer.MAX_VALUE), why);
	}

	private PoolShortage shortage(int mostPending) {
		PoolCounts counts = this.resizer.counts();
		int pending = Math.min(counts.pending(), mostPending);
		return new PoolShortage(this.name, new PoolCounts(counts.size(), counts.free(), counts.used(), pending),
				this.resizer.target().ceiling(), this.retryHint.after(pending, acquireTimeout()));
	}

	private Duration acquireTimeout() {
		return Duration.ofMillis(this.pool.getConnectionTimeout());
	}

}
