package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.zaxxer.hikari.pool.HikariPool;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the number of callers that wait for a connection within a bound. HikariCP doesn't
 * tell who will wait, so whoever enters counts as if it did; where the bound is reached,
 * a caller takes a free connection, or is refused, and never waits. Safe for any thread,
 * virtual ones too; without a lock.
 */
final class PendingBound {

	/**
	 * How often a caller looks that finds the bound reached by others who are just
	 * passing, or a free connection that somebody else then takes.
	 */
	private static final int LOOKS = 256;

	private final int most;

	private final Borrowing borrowing;

	private final Supplier<@Nullable HikariPool> running;

	private final Supplier<SQLException> refusal;

	private final AtomicInteger inside = new AtomicInteger();

	/**
	 * Creates a bound.
	 * @param most callers that may wait, at least 1
	 * @param borrowing borrows, and waits
	 * @param running the pool, {@code null} as long as it has not started
	 * @param refusal what a caller is told that may not wait
	 */
	PendingBound(int most, Borrowing borrowing, Supplier<@Nullable HikariPool> running,
			Supplier<SQLException> refusal) {
		this.most = most;
		this.borrowing = borrowing;
		this.running = running;
		this.refusal = refusal;
	}

	/**
	 * Borrows a connection.
	 * @return the connection
	 * @throws SQLException if none came in time, or the caller would have been one too
	 * many
	 */
	@SuppressWarnings("ThreadPriorityCheck")
	Connection borrow() throws SQLException {
		if (enter()) {
			return borrowInside();
		}
		for (int i = 0; i < LOOKS; i++) {
			HikariPool pool = this.running.get();
			Connection free = (pool != null) ? free(pool) : null;
			if (free != null) {
				return free;
			}
			if (enter()) {
				return borrowInside();
			}
			if (pool == null || (pool.getThreadsAwaitingConnection() >= this.most && pool.getIdleConnections() == 0)) {
				break;
			}
			// to let those go on that are passing; whether that helps decides nothing
			Thread.yield();
		}
		throw this.refusal.get();
	}

	private boolean enter() {
		int count = this.inside.get();
		while (count < this.most) {
			if (this.inside.compareAndSet(count, count + 1)) {
				return true;
			}
			count = this.inside.get();
		}
		return false;
	}

	private Connection borrowInside() throws SQLException {
		try {
			return this.borrowing.borrow();
		}
		finally {
			this.inside.decrementAndGet();
		}
	}

	/**
	 * Asks first, since HikariCP counts each borrow that fails as a timeout.
	 */
	private static @Nullable Connection free(HikariPool pool) throws SQLException {
		if (pool.getIdleConnections() == 0) {
			return null;
		}
		try {
			return pool.getConnection(0);
		}
		catch (SQLTransientConnectionException ex) {
			return null;
		}
	}

	/**
	 * Callers that wait or are about to, or pass without waiting.
	 * @return how many, 0 to the bound
	 */
	int inside() {
		return this.inside.get();
	}

	/**
	 * Borrows as the pool does without a bound.
	 */
	interface Borrowing {

		Connection borrow() throws SQLException;

	}

}
