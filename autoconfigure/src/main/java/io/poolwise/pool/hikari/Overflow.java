package io.poolwise.pool.hikari;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

/**
 * Decides when a pool may use its overflow: while a caller would have to wait although
 * the maximum is open; and no longer, once the maximum has done for a second. HikariCP
 * doesn't tell that a caller will wait, so whoever enters counts, as long as there is an
 * overflow at all. Safe for any thread; the way of borrowers has no lock unless the
 * overflow opens.
 */
final class Overflow {

	private static final long LOOK_MILLIS = 250;

	private static final int QUIET_LOOKS = 4;

	private final HikariDataSource pool;

	private final IntSupplier connections;

	private final Executor executor;

	private final Object lock;

	private final Consumer<Boolean> whenSwitched;

	private final AtomicInteger inside = new AtomicInteger();

	private volatile int max;

	private volatile boolean exists;

	private volatile boolean open;

	/**
	 * Creates the overflow of a pool, which has none yet.
	 * @param pool the pool
	 * @param connections how many there are, those being opened and closed included
	 * @param executor looks when it is over
	 * @param lock guards the pool's size; held while {@code whenSwitched} is called
	 * @param whenSwitched told whether the overflow may be used from now on
	 */
	Overflow(HikariDataSource pool, IntSupplier connections, Executor executor, Object lock,
			Consumer<Boolean> whenSwitched) {
		this.pool = pool;
		this.connections = connections;
		this.executor = executor;
		this.lock = lock;
		this.whenSwitched = whenSwitched;
	}

	/**
	 * Changes the size; whoever calls applies it.
	 * @param max connections in steady use
	 * @param overflow connections on top, 0 for none
	 */
	void size(int max, int overflow) {
		synchronized (this.lock) {
			this.max = max;
			this.exists = overflow > 0;
			this.open = this.open && this.exists;
		}
	}

	boolean isOpen() {
		return this.open;
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
		if (this.exists && !this.open && isNeeded()) {
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
		synchronized (this.lock) {
			if (!this.open && this.exists) {
				this.open = true;
				this.whenSwitched.accept(true);
				lookLater(0);
			}
		}
	}

	private void lookLater(int quietLooks) {
		CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS, this.executor)
			.execute(() -> look(quietLooks));
	}

	private void look(int quietLooks) {
		if (!this.open || !(this.pool.isRunning() && this.pool.getHikariPoolMXBean() instanceof HikariPool running)) {
			return;
		}
		boolean quiet = running.getThreadsAwaitingConnection() == 0 && running.getActiveConnections() <= this.max;
		int looks = quiet ? quietLooks + 1 : 0;
		if (looks < QUIET_LOOKS) {
			lookLater(looks);
			return;
		}
		close();
		// who came in the meantime took it for open
		openIfNeeded();
	}

	private void close() {
		synchronized (this.lock) {
			if (this.open) {
				this.open = false;
				this.whenSwitched.accept(false);
			}
		}
	}

}
