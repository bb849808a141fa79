package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;

/**
 * Makes a HikariCP pool do what its setters only promise: grow while threads wait, and
 * shrink at once. Uses nothing but HikariCP's public methods. Safe for any thread.
 */
final class HikariResizer implements GateListener {

	// whatever else happens, as long as there are too many
	private static final long LOOK_AGAIN_MILLIS = 1000;

	private final HikariDataSource pool;

	private final ConnectionGate gate;

	private final Executor executor;

	private final HikariSizes sizes;

	private final HikariGrowth growth;

	private final Overflow overflow;

	private volatile PoolSize target;

	private final Retirements retirements;

	private boolean looksAgain;

	private final LongAdder recycled = new LongAdder();

	private final Reachability reachability;

	HikariResizer(HikariDataSource pool, ConnectionGate gate, PoolSize target, Executor executor) {
		this.pool = pool;
		this.gate = gate;
		this.executor = executor;
		this.sizes = new HikariSizes(pool);
		this.growth = new HikariGrowth(pool, this::min, this::ceiling);
		this.target = target;
		this.retirements = new Retirements(pool, executor);
		this.reachability = new Reachability(executor);
		this.overflow = new Overflow(pool, gate::open, executor, this, this::overflowSwitched);
		this.overflow.size(target.max(), target.overflow());
		apply();
		gate.listen(this);
	}

	PoolSize target() {
		return this.target;
	}

	PoolCounts counts() {
		if (this.pool.getHikariPoolMXBean() instanceof HikariPool running) {
			return new PoolCounts(this.gate.open(), running.getIdleConnections(), running.getActiveConnections(),
					running.getThreadsAwaitingConnection());
		}
		return PoolCounts.EMPTY;
	}

	synchronized void resize(PoolSize target) {
		this.target = target;
		this.overflow.size(target.max(), target.overflow());
		apply();
		shrink();
		this.growth.grow();
		this.overflow.openIfNeeded();
	}

	Overflow overflow() {
		return this.overflow;
	}

	private synchronized void overflowSwitched(boolean open) {
		apply();
		if (open) {
			this.growth.grow();
		}
		else {
			shrink();
		}
	}

	/**
	 * What may exist at present.
	 */
	private int ceiling() {
		return this.overflow.isOpen() ? this.target.ceiling() : this.target.max();
	}

	/**
	 * Nobody opens the overflow but callers that wait: not whoever keeps connections
	 * free.
	 */
	private int min() {
		return this.overflow.isOpen() ? 0 : this.target.min();
	}

	/**
	 * Connections that were given up since they had run as many statements as they may.
	 */
	long recycled() {
		return this.recycled.sum();
	}

	Reachability reachability() {
		return this.reachability;
	}

	private void apply() {
		this.gate.limit(ceiling());
		this.sizes.set(min(), ceiling());
	}

	/**
	 * Free connections go at once. As long as there are too many then, each connection
	 * that comes back is one to retire: who is coming back while this looks may be seen
	 * by neither, so it looks again until there are not too many.
	 */
	private synchronized void shrink() {
		this.gate.watch().watchReturns(hasExcess());
		if (hasExcess()) {
			this.gate.ahead().end();
		}
		for (GateConnection connection : this.gate.connections()) {
			if (!connection.isBorrowed() && hasExcess()) {
				retireFree(connection);
			}
		}
		boolean excess = watchReturns();
		if (excess && !this.looksAgain) {
			this.looksAgain = true;
			boolean free = this.pool.getHikariPoolMXBean() instanceof HikariPool running
					&& running.getIdleConnections() > 0;
			this.retirements.later(this::shrinkAgain, free ? Retirements.LONGEST_PAUSE_MILLIS : LOOK_AGAIN_MILLIS);
		}
	}

	private synchronized void shrinkAgain() {
		this.looksAgain = false;
		shrink();
	}

	private synchronized boolean watchReturns() {
		boolean excess = hasExcess();
		this.gate.watch().watchReturns(excess);
		return excess;
	}

	private synchronized boolean hasExcess() {
		return this.gate.open() - this.retirements.count() > ceiling();
	}

	private synchronized boolean claim(GateConnection connection) {
		return hasExcess() && this.retirements.claim(connection);
	}

	/**
	 * Whatever the size: free, the connection goes at once; in use, when it comes back.
	 */
	@Override
	public void retire(GateConnection connection) {
		if (this.retirements.claim(connection)) {
			this.retirements.evict(connection);
		}
	}

	@Override
	public void wornOut(GateConnection connection) {
		if (this.retirements.claim(connection)) {
			this.recycled.increment();
			this.retirements.evict(connection);
		}
	}

	/**
	 * A connection that nobody ever borrowed has no handle yet, so one is borrowed: it is
	 * free, or was a moment ago.
	 */
	private void retireFree(GateConnection connection) {
		if (!connection.wasNeverBorrowed()) {
			if (claim(connection)) {
				this.retirements.evict(connection);
			}
			return;
		}
		if (this.pool.getHikariPoolMXBean() instanceof HikariPool running && running.getIdleConnections() > 0) {
			try (Connection free = running.getConnection(1)) {
				if (claim(free.unwrap(GateConnection.class))) {
					this.pool.evictConnection(free);
				}
			}
			catch (SQLException ex) {
				// somebody was faster, and will bring it back
			}
		}
	}

	/**
	 * Connections of the minimum that are neither free nor in use.
	 */
	int missing() {
		PoolCounts counts = counts();
		return Math.max(0, this.target.min() - counts.free() - counts.used());
	}

	/**
	 * Has HikariCP open what is missing, in case that it isn't about to.
	 */
	void fill() {
		this.growth.grow();
	}

	@Override
	public void connected() {
		this.reachability.connected();
		arrived();
	}

	/**
	 * The pool has one more that it asked for.
	 */
	@Override
	public void arrived() {
		this.reachability.arrived();
		if (hasExcess()) {
			// the target fell while this connect was under way
			this.retirements.later(this::shrink, Retirements.LONGEST_PAUSE_MILLIS);
		}
		this.overflow.openIfNeeded();
		this.growth.growByOne();
	}

	@Override
	public void connectFailed(Throwable failure) {
		this.reachability.connectFailed(failure);
	}

	@Override
	public void closed(GateConnection connection, boolean broken) {
		if (broken) {
			this.reachability.doubtServer();
		}
		this.retirements.gone(connection);
		if (hasExcess()) {
			// while this one was not open and still retiring, one too few could be
			// claimed
			this.executor.execute(this::shrink);
		}
		// a caller could have expected this one while it counted as open
		this.overflow.openIfNeeded();
		this.growth.growByOne();
	}

	@Override
	public void discarded(GateConnection connection) {
		this.retirements.gone(connection);
	}

	@Override
	public void returned(GateConnection connection) {
		if (claim(connection)) {
			this.retirements.evict(connection);
		}
		else {
			watchReturns();
		}
	}

}
