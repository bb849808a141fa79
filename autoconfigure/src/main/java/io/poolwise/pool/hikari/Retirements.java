package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

/**
 * The connections of a pool that are on their way out: free, one goes at once; in use,
 * when it comes back. Safe for any thread.
 */
final class Retirements {

	/** The longest pause between two looks at what has not happened yet. */
	static final long LONGEST_PAUSE_MILLIS = 128;

	private final HikariDataSource pool;

	private final Executor executor;

	private int count;

	Retirements(HikariDataSource pool, Executor executor) {
		this.pool = pool;
		this.executor = executor;
	}

	/**
	 * Connections on their way out that are not closed yet.
	 * @return how many, at least 0
	 */
	synchronized int count() {
		return this.count;
	}

	/**
	 * Undertakes to be rid of a connection.
	 * @return whether the caller has to {@link #evict} it; not if somebody else does, or
	 * it is closed already
	 */
	synchronized boolean claim(GateConnection connection) {
		if (connection.isRetiring() || connection.isGone()) {
			return false;
		}
		connection.setRetiring();
		this.count++;
		return true;
	}

	/**
	 * A connection is closed.
	 */
	synchronized void gone(GateConnection connection) {
		this.count -= connection.isRetiring() ? 1 : 0;
	}

	/**
	 * Evicts a claimed connection by its closed handle, which HikariCP does softly, and
	 * does so again until it is closed: HikariCP looks whether a connection is to be
	 * evicted before it puts it back, and an eviction in between has no effect.
	 * <p>
	 * There is no such handle until the connection's first use is over: between
	 * HikariCP's last call on the connection and the end of that return lie microseconds,
	 * unless the application made the same call itself.
	 */
	void evict(GateConnection connection) {
		evict(connection, 0);
	}

	private void evict(GateConnection connection, int checks) {
		if (connection.isGone()) {
			return;
		}
		Connection handle = connection.closedHandle();
		if (handle != null) {
			this.pool.evictConnection(handle);
		}
		else if (connection.wasNeverBorrowed()) {
			takeOut(connection);
		}
		later(() -> evict(connection, checks + 1), Math.min(1L << Math.min(checks, 10), LONGEST_PAUSE_MILLIS));
	}

	/**
	 * A connection that nobody ever borrowed has no handle, and HikariCP gives no choice:
	 * so free ones are borrowed until it is among them. For that moment they are missing.
	 */
	private void takeOut(GateConnection wanted) {
		if (!(this.pool.getHikariPoolMXBean() instanceof HikariPool running)) {
			return;
		}
		List<Connection> others = new ArrayList<>();
		try {
			while (wanted.wasNeverBorrowed() && !wanted.isGone() && running.getIdleConnections() > 0) {
				Connection free = running.getConnection(1);
				if (free.unwrap(GateConnection.class) == wanted) {
					this.pool.evictConnection(free);
					return;
				}
				others.add(free);
			}
		}
		catch (SQLException ex) {
			// somebody was faster
		}
		finally {
			others.forEach(Retirements::giveBack);
		}
	}

	private static void giveBack(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			// it is broken, and HikariCP knows
		}
	}

	/**
	 * Does something on another thread, after a pause.
	 */
	void later(Runnable task, long millis) {
		CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, this.executor).execute(task);
	}

}
