package io.poolwise.pool.hikari;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.poolwise.pool.ConnectionHolder;
import io.poolwise.pool.HolderActivity;
import org.jspecify.annotations.Nullable;

/**
 * Knows who holds the connections of a pool, and for how long at least. A borrower leaves
 * its thread, which costs it one write; the time is told by regular looks at who still
 * holds what, so that the borrow path has no clock. Where it borrowed is recorded only
 * while that may be of interest: callers wait, or a connection has been held long; and in
 * a fast pool of a sample, since reading a stack takes microseconds.
 */
final class HolderWatch {

	private static final String BORROWING = "com.zaxxer.hikari.util.ConcurrentBag";

	private static final long LONGEST_PERIOD_MILLIS = 1000;

	private static final long LEAST_PERIOD_MILLIS = 50;

	private static final long SUSPICIOUS = TimeUnit.SECONDS.toNanos(5);

	private static final long INTEREST = TimeUnit.SECONDS.toNanos(60);

	private static final long SITES_PER_SECOND = 1000;

	private final HikariDataSource pool;

	private final ConnectionGate gate;

	private final ReentrantLock looking = new ReentrantLock();

	private @Nullable Long suspectedAt;

	private long lookedAt;

	private long returnsThen;

	private long borrowsPerSecond;

	HolderWatch(HikariDataSource pool, ConnectionGate gate) {
		this.pool = pool;
		this.gate = gate;
		gate.watch().recordBorrowers();
	}

	/**
	 * The time between two looks: a fraction of the time that callers wait.
	 * @return 50 ms to 1 s
	 */
	Duration period() {
		return Duration.ofMillis(
				Math.min(LONGEST_PERIOD_MILLIS, Math.max(LEAST_PERIOD_MILLIS, this.pool.getConnectionTimeout() / 4)));
	}

	/**
	 * Looks who holds what.
	 * @param now the present time in nanoseconds
	 */
	void look(long now) {
		this.looking.lock();
		try {
			lookLocked(now);
		}
		finally {
			this.looking.unlock();
		}
	}

	private void lookLocked(long now) {
		// whoever looks for a free connection counts as waiting for that moment
		boolean suspicious = this.pool.getHikariPoolMXBean() instanceof HikariPool running
				&& running.getThreadsAwaitingConnection() > 0 && running.getIdleConnections() == 0;
		for (GateConnection connection : this.gate.connections()) {
			suspicious |= connection.look(now) >= SUSPICIOUS;
		}
		if (suspicious) {
			this.suspectedAt = now;
		}
		boolean interesting = this.suspectedAt != null && now - this.suspectedAt < INTEREST;
		countBorrows(now);
		this.gate.watch().recordSites(interesting ? 1 + (int) (this.borrowsPerSecond / SITES_PER_SECOND) : 0);
	}

	private void countBorrows(long now) {
		long passed = now - this.lookedAt;
		if (passed >= TimeUnit.MILLISECONDS.toNanos(LEAST_PERIOD_MILLIS)) {
			long returns = this.gate.returns();
			double seconds = (double) passed / TimeUnit.SECONDS.toNanos(1);
			this.borrowsPerSecond = (long) Math.min(Integer.MAX_VALUE, (returns - this.returnsThen) / seconds);
			this.lookedAt = now;
			this.returnsThen = returns;
		}
	}

	/**
	 * Who holds the connections now.
	 * @param now the present time in nanoseconds
	 * @param waiting a thread that has waited just now, besides those that wait
	 * @return one each, in no order
	 */
	List<Held> holders(long now, Thread waiting) {
		Map<GateConnection, Long> borrowed = new LinkedHashMap<>();
		this.looking.lock();
		try {
			lookLocked(now);
			for (GateConnection connection : this.gate.connections()) {
				if (connection.isBorrowed()) {
					borrowed.put(connection, connection.look(now));
				}
			}
		}
		finally {
			this.looking.unlock();
		}
		// stacks are read without the lock
		List<Held> holders = new ArrayList<>();
		borrowed.forEach((connection, heldNanos) -> {
			Thread thread = connection.borrower();
			if (thread != null) {
				holders.add(held(connection, thread, heldNanos, waiting));
			}
		});
		return holders;
	}

	private static Held held(GateConnection connection, Thread thread, long heldNanos, Thread waiting) {
		List<StackTraceElement> stack = (thread != waiting) ? List.of(thread.getStackTrace()) : List.of();
		HolderActivity activity = (thread != waiting)
				? HolderActivity.of(thread.isAlive(), stack, BORROWING, driver(connection)) : HolderActivity.WAITING;
		BorrowSite site = connection.site();
		return new Held(connection, connection.returns(), heldNanos, thread.getName(), activity, stack,
				(site != null) ? site.calls() : List.of());
	}

	private static @Nullable String driver(GateConnection connection) {
		String type = connection.driverClass();
		int end = type.indexOf('.', type.indexOf('.') + 1);
		// a proxy tells nothing
		boolean known = end > 0 && !type.startsWith("jdk.") && !type.startsWith("com.sun.");
		return known ? type.substring(0, end + 1) : null;
	}

	/**
	 * A connection in somebody's hands.
	 *
	 * @param connection the connection
	 * @param use tells this use of it from others
	 * @param heldNanos for how long at least it had been held
	 * @param thread the name of the thread that borrowed it
	 * @param activity what the thread did
	 * @param stack where it was
	 * @param borrowedAt where it had borrowed the connection, as far as recorded
	 */
	record Held(GateConnection connection, long use, long heldNanos, String thread, HolderActivity activity,
			List<StackTraceElement> stack, List<StackTraceElement> borrowedAt) {

		/**
		 * What a person is told of it.
		 * @param wait the longest time that a caller waits, in nanoseconds
		 * @param since the time since this was seen, in nanoseconds
		 */
		ConnectionHolder holder(long wait, long since) {
			boolean same = this.connection.isBorrowed() && this.connection.returns() == this.use;
			boolean outlasts = same && this.heldNanos + since > wait + TimeUnit.SECONDS.toNanos(1);
			return new ConnectionHolder(this.thread, this.activity, Duration.ofNanos(this.heldNanos), outlasts,
					this.stack, this.borrowedAt);
		}

	}

}
