package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

/**
 * The connections of a pool that are on their way out: an idle one is closed at once, one
 * in use when it comes back. Safe for any thread, without a lock; {@link #evictAll} is
 * for one thread at a time.
 */
final class Retirements {

	private final HikariDataSource pool;

	private final ConnectionGate gate;

	private final IntSupplier ceiling;

	// both only grow, so that a claim sees any change in between
	private final AtomicLong claimed = new AtomicLong();

	private final AtomicLong settled = new AtomicLong();

	/**
	 * Creates the retirements of a pool.
	 * @param pool the pool
	 * @param gate its gate
	 * @param ceiling how many connections may exist
	 */
	Retirements(HikariDataSource pool, ConnectionGate gate, IntSupplier ceiling) {
		this.pool = pool;
		this.gate = gate;
		this.ceiling = ceiling;
	}

	/**
	 * Returns whether more connections would stay than may exist, those on their way out
	 * not counted.
	 */
	boolean hasExcess() {
		return hasExcess(this.claimed.get());
	}

	/**
	 * A closed connection leaves the gate before it is settled. Read in the reverse order
	 * it may count as neither for a moment, which claims one too few, never one too many.
	 */
	private boolean hasExcess(long claimed) {
		long retiring = claimed - this.settled.get();
		return this.gate.open() - retiring > this.ceiling.getAsInt();
	}

	/**
	 * Undertakes to close a connection if there are too many.
	 * @return whether this call did; not if there aren't, somebody else did, or it is
	 * closed already
	 */
	boolean claimExcess(GateConnection connection) {
		long claimed = this.claimed.get();
		while (hasExcess(claimed)) {
			if (this.claimed.compareAndSet(claimed, claimed + 1)) {
				return begin(connection);
			}
			claimed = this.claimed.get();
		}
		return false;
	}

	/**
	 * Undertakes to close a connection, whatever the size of the pool.
	 * @return whether this call did; not if somebody else did, or it is closed already
	 */
	boolean claim(GateConnection connection) {
		this.claimed.incrementAndGet();
		return begin(connection);
	}

	private boolean begin(GateConnection connection) {
		boolean begun = connection.beginRetiring();
		if (!begun) {
			this.settled.incrementAndGet();
		}
		return begun;
	}

	/**
	 * A connection is closed, and no longer counted by the gate.
	 */
	void gone(GateConnection connection) {
		if (connection.wasRetiring()) {
			this.settled.incrementAndGet();
		}
	}

	/**
	 * Marks a claimed connection for HikariCP by its closed handle: idle, it is closed by
	 * HikariCP's own thread at once, in use when it comes back. Waits for nothing, so
	 * that borrowers may call it for what they give back.
	 * <p>
	 * There is no such handle until the connection's first use is over. And HikariCP
	 * looks for the mark before it puts a connection back, so a mark in between has no
	 * effect. {@link #evictAll} repeats it until the connection is closed.
	 * @return whether there was a handle
	 */
	boolean mark(GateConnection connection) {
		Connection handle = connection.closedHandle();
		if (handle != null) {
			this.pool.evictConnection(handle);
		}
		return handle != null;
	}

	/**
	 * Has HikariCP close what was claimed, as far as that is possible now.
	 * @return whether something is left
	 */
	boolean evictAll() {
		List<GateConnection> neverBorrowed = new ArrayList<>();
		boolean left = false;
		for (GateConnection connection : this.gate.connections()) {
			if (connection.isRetiring()) {
				left = true;
				if (!mark(connection) && connection.wasNeverBorrowed()) {
					neverBorrowed.add(connection);
				}
			}
		}
		if (!neverBorrowed.isEmpty() && this.pool.getHikariPoolMXBean() instanceof HikariPool running
				&& running.poolState == HikariPool.POOL_NORMAL) {
			takeOut(running, neverBorrowed);
		}
		return left;
	}

	/**
	 * A connection that nobody ever borrowed has no handle, and HikariCP gives no choice:
	 * so idle ones are borrowed until they are among them. For that moment the others are
	 * missing, so none is asked whether it is alive: its next borrower asks.
	 */
	private void takeOut(HikariPool running, List<GateConnection> wanted) {
		List<Connection> others = new ArrayList<>();
		this.gate.watch().takesUnasked(Thread.currentThread());
		try {
			while (running.getIdleConnections() > 0 && wanted.stream().anyMatch(Retirements::isThere)) {
				Connection idle = running.getConnection(1);
				if (idle.unwrap(GateConnection.class).isRetiring()) {
					this.pool.evictConnection(idle);
				}
				else {
					others.add(idle);
				}
			}
		}
		catch (SQLException ex) {
			// somebody was faster
		}
		finally {
			this.gate.watch().takesUnasked(null);
			others.forEach(Retirements::giveBack);
		}
	}

	private static boolean isThere(GateConnection connection) {
		return connection.wasNeverBorrowed() && connection.isRetiring();
	}

	private static void giveBack(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			// it is broken, and HikariCP knows
		}
	}

}
