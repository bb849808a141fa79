package io.poolwise.pool.hikari;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

/**
 * Decides when a pool may use its overflow: while a caller would have to wait although
 * the maximum is open; and no longer, once the maximum has done for a second. HikariCP
 * doesn't tell that a caller will wait, so whoever enters counts, as long as there is an
 * overflow at all. Safe for any thread, without a lock.
 */
final class Overflow {

	private static final long LOOK_MILLIS = 250;

	private static final int QUIET_LOOKS = 4;

	private final HikariDataSource pool;

	private final IntSupplier connections;

	private final Executor executor;

	private final Runnable whenSwitched;

	private final AtomicInteger inside = new AtomicInteger();

	private volatile int max;

	private volatile boolean exists;

	private final AtomicBoolean open = new AtomicBoolean();

	/**
	 * Creates the overflow of a pool, which has none yet.
	 * @param pool the pool
	 * @param connections how many there are, those being opened and closed included
	 * @param executor looks when it is over
	 * @param whenSwitched called when {@link #isOpen} has changed, by any thread
	 */
	Overflow(HikariDataSource pool, IntSupplier connections, Executor executor, Runnable whenSwitched) {
		this.pool = pool;
		this.connections = connections;
		this.executor = executor;
		this.whenSwitched = whenSwitched;
	}

	/**
	 * Changes the size; whoever calls applies it.
	 * @param max connections in steady use
	 * @param overflow connections on top, 0 for none
	 */
	void size(int max, int overflow) {
		this.max = max;
		this.exists = overflow > 0;
		if (overflow == 0) {
			this.open.set(false);
		}
	}

	boolean isOpen() {
		return this.open.get();
	}

	/**
	 * A caller comes that may have to wait.
	 * @return whether it counts, and must {@link #leave}
	 */
	boolean enter() {
		if (!this.exists) {
			return false;
		}
		this.inside.incrementAndGet();
		openIfNeeded();
		return true;
	}

	void leave() {
		this.inside.decrementAndGet();
	}

	/**
	 * Opens the overflow if somebody waits for it. Who expects a connection that is just
	 * being opened waits for that, and whoever opens it looks again.
	 */
	void openIfNeeded() {
		if (this.exists && !this.open.get() && isNeeded()) {
			open();
		}
	}

	private boolean isNeeded() {
		int connections = this.connections.getAsInt();
		if (connections < this.max || !(this.pool.getHikariPoolMXBean() instanceof HikariPool running)) {
			return false;
		}
		int waiting = Math.max(this.inside.get(), running.getThreadsAwaitingConnection());
		// free before total: what becomes free in between may count twice as missing,
		// never
		// twice as there
		int free = running.getIdleConnections();
		int coming = Math.max(0, connections - running.getTotalConnections());
		return waiting > free + coming;
	}

	private void open() {
		if (this.open.compareAndSet(false, true)) {
			try {
				this.whenSwitched.run();
			}
			finally {
				lookLater(0);
			}
		}
	}

	private void lookLater(int quietLooks) {
		CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS, this.executor)
			.execute(() -> look(quietLooks));
	}

	private void look(int quietLooks) {
		if (!this.open.get()) {
			return;
		}
		int looks = 0;
		try {
			looks = isQuiet() ? quietLooks + 1 : 0;
		}
		finally {
			if (looks < QUIET_LOOKS) {
				lookLater(looks);
			}
		}
		if (looks >= QUIET_LOOKS) {
			close();
		}
	}

	private boolean isQuiet() {
		return !(this.pool.getHikariPoolMXBean() instanceof HikariPool running) || !this.pool.isRunning()
				|| (running.getThreadsAwaitingConnection() == 0 && running.getActiveConnections() <= this.max);
	}

	private void close() {
		if (this.open.compareAndSet(true, false)) {
			this.whenSwitched.run();
			// who came in the meantime took it for open
			openIfNeeded();
		}
	}

}
