package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.poolwise.pool.ConnectTrouble;
import io.poolwise.pool.ServerUnreachableException;

/**
 * Borrows as HikariCP does while the server is there, and gives up at once when it is
 * known not to be. HikariCP itself has callers wait for the whole acquire timeout then,
 * and can wake none of them: so these wait in short turns, and look in between. Safe for
 * any thread.
 */
final class ReachableBorrowing {

	private static final long TURN = TimeUnit.MILLISECONDS.toNanos(250);

	/**
	 * How long a pool with nothing open may take to open something, be it that no connect
	 * fails: packets are lost, or there is no lease.
	 */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	private static final long RETRY = TimeUnit.SECONDS.toNanos(2);

	private static final int VALIDATION_SECONDS = 1;

	private final HikariDataSource pool;

	private final HikariResizer resizer;

	private final Executor executor;

	private final LongSupplier nanos;

	private final Function<String, ServerUnreachableException> refusal;

	private final AtomicLong nextTry;

	/**
	 * Creates it.
	 * @param pool the pool
	 * @param resizer knows how its connects end
	 * @param executor runs what tries again
	 * @param nanos the monotonic clock
	 * @param refusal what a caller is told, by what the last connect failed with
	 */
	ReachableBorrowing(HikariDataSource pool, HikariResizer resizer, Executor executor, LongSupplier nanos,
			Function<String, ServerUnreachableException> refusal) {
		this.refusal = refusal;
		this.pool = pool;
		this.resizer = resizer;
		this.executor = executor;
		this.nanos = nanos;
		this.nextTry = new AtomicLong(nanos.getAsLong());
	}

	/**
	 * Borrows a connection.
	 * @param running the pool, started
	 * @return the connection
	 * @throws ServerUnreachableException if the server can't be reached
	 * @throws SQLException if no connection came in time
	 */
	Connection borrow(HikariPool running) throws SQLException {
		long start = this.nanos.getAsLong();
		long timeout = TimeUnit.MILLISECONDS.toNanos(this.pool.getConnectionTimeout());
		while (true) {
			refuseIfUnreachable(running);
			long waited = this.nanos.getAsLong() - start;
			if (waited >= PATIENCE && running.getTotalConnections() == 0) {
				this.resizer.reachability()
					.connectOverdue("no connection within " + TimeUnit.NANOSECONDS.toMillis(PATIENCE) + " ms");
				continue;
			}
			try {
				Connection connection = running.getConnection(turn(Math.min(TURN, timeout - waited)));
				if (isGood(connection)) {
					return connection;
				}
			}
			catch (SQLTransientConnectionException ex) {
				if (this.nanos.getAsLong() - start >= timeout) {
					throw ex;
				}
			}
		}
	}

	private static long turn(long nanos) {
		return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
	}

	private void refuseIfUnreachable(HikariPool running) throws ServerUnreachableException {
		String failure = this.resizer.reachability().connectFailure();
		if (failure == null || running.getIdleConnections() > 0) {
			return;
		}
		// those in use come back if the server is merely full
		if (this.resizer.reachability().connectTrouble() == ConnectTrouble.SERVER_DOWN
				|| running.getTotalConnections() == 0) {
			tryAgain(running);
			throw this.refusal.apply(failure);
		}
	}

	/**
	 * HikariCP keeps trying by itself for the minimum; without one it connects only for
	 * somebody who waits.
	 */
	private void tryAgain(HikariPool running) {
		long now = this.nanos.getAsLong();
		long due = this.nextTry.get();
		if (this.pool.getMinimumIdle() == 0 && now - due >= 0 && this.nextTry.compareAndSet(due, now + RETRY)) {
			this.executor.execute(() -> {
				try (Connection connection = running.getConnection(TimeUnit.NANOSECONDS.toMillis(PATIENCE))) {
					isGood(connection);
				}
				catch (SQLException ex) {
					// still not there
				}
			});
		}
	}

	/**
	 * HikariCP doesn't look at connections that were used within the last half second,
	 * and those are the ones that a server under load leaves behind.
	 */
	private boolean isGood(Connection connection) throws SQLException {
		if (!this.resizer.reachability().doubtsServer() || connection.isValid(VALIDATION_SECONDS)) {
			return true;
		}
		this.pool.evictConnection(connection);
		connection.close();
		return false;
	}

}
