package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the server is there, without ever waiting for the pool: over a free
 * connection; with none free, by the fact that connections come back; else over one
 * short-lived connection.
 */
final class HikariProbe {

	private static final Duration RECENT = Duration.ofSeconds(5);

	// who asks more often gets the last answer: a full pool's server has better things to
	// do
	private static final Duration FRESH = Duration.ofSeconds(1);

	private final HikariDataSource pool;

	private final IdleConnections idle;

	private final ConnectionGate gate;

	private final ConnectionPermits permits;

	private final BareConnections<Boolean> bare;

	private final LongSupplier nanos;

	private long seenReturns;

	private long seenAt;

	private boolean seen;

	private volatile @Nullable Told told;

	HikariProbe(String name, HikariDataSource pool, ConnectionGate gate, TargetDataSource target,
			ConnectionPermits permits, Semaphore turn) {
		this(name, pool, gate, target, permits, turn, System::nanoTime);
	}

	HikariProbe(String name, HikariDataSource pool, ConnectionGate gate, TargetDataSource target,
			ConnectionPermits permits, Semaphore turn, LongSupplier nanos) {
		this.pool = pool;
		this.idle = new IdleConnections(pool);
		this.gate = gate;
		this.permits = permits;
		this.bare = new BareConnections<>("probe-" + name, target::briefConnection,
				(connection) -> connection.isValid((int) RECENT.toSeconds()), turn);
		this.nanos = nanos;
	}

	ServerProbe probe(Duration timeout) {
		if (this.pool.isClosed()) {
			return new ServerProbe.Failed("the pool is closed");
		}
		long start = this.nanos.getAsLong();
		Boolean valid = overFreeConnection(timeout);
		if (Boolean.TRUE.equals(valid)) {
			return new ServerProbe.Answered(since(start));
		}
		Duration lastUse = lastUse();
		if (lastUse != null && lastUse.compareTo(RECENT) <= 0) {
			return new ServerProbe.Busy(lastUse);
		}
		Told told = this.told;
		if (valid == null && told != null && start - told.at() <= FRESH.toNanos()) {
			return told.probe();
		}
		if (!this.permits.allowSessionBeside()) {
			return new ServerProbe.NotAsked("no connection of the pool is free");
		}
		return overBareConnection(start, timeout);
	}

	/**
	 * Asks the server how many clients it has, over a free connection only.
	 * @param timeout how long the server may take
	 * @return the number; empty if no connection is free or the server doesn't tell
	 */
	OptionalInt serverConnections(Duration timeout) {
		try (Connection connection = this.idle.borrow()) {
			if (connection == null) {
				return OptionalInt.empty();
			}
			return DatabaseDialect.of(connection).countSessions(connection, (int) Math.max(1, timeout.toSeconds()));
		}
		catch (SQLException ex) {
			// the next question that matters finds out what is wrong
			return OptionalInt.empty();
		}
	}

	/**
	 * An upper bound of the time since a connection last came back, from what was seen at
	 * the last call: the borrow path keeps no clock.
	 */
	private synchronized @Nullable Duration lastUse() {
		long returns = this.gate.returns();
		long now = this.nanos.getAsLong();
		Duration bound = (this.seen && returns != this.seenReturns) ? Duration.ofNanos(now - this.seenAt) : null;
		this.seen = true;
		this.seenReturns = returns;
		this.seenAt = now;
		return bound;
	}

	/**
	 * Asks over a free connection.
	 * @return whether the connection is good; {@code null} if none is free
	 */
	private @Nullable Boolean overFreeConnection(Duration timeout) {
		int seconds = (int) Math.max(1, timeout.toSeconds());
		try (Connection connection = this.idle.borrow()) {
			if (connection == null) {
				return null;
			}
			boolean valid = connection.isValid(seconds);
			if (!valid) {
				this.pool.evictConnection(connection);
			}
			return valid;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private ServerProbe overBareConnection(long start, Duration timeout) {
		try {
			return told(this.bare.ask(timeout) ? new ServerProbe.Answered(since(start))
					: new ServerProbe.Failed("the server's answer to a check was wrong"));
		}
		catch (TimeoutException ex) {
			return new ServerProbe.Failed("no answer within " + timeout.toMillis() + " ms");
		}
		catch (ExecutionException ex) {
			return told(new ServerProbe.Failed(Failures.describe(ex.getCause())));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new ServerProbe.Failed("interrupted");
		}
	}

	private ServerProbe told(ServerProbe probe) {
		this.told = new Told(probe, this.nanos.getAsLong());
		return probe;
	}

	private Duration since(long start) {
		return Duration.ofNanos(this.nanos.getAsLong() - start);
	}

	/**
	 * Ends the question that may be under way.
	 */
	void close() {
		this.bare.close();
	}

	/**
	 * What the server last told over a bare connection.
	 */
	private record Told(ServerProbe probe, long at) {
	}

}
