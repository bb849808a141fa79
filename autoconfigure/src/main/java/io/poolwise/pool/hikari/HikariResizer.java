package io.poolwise.pool.hikari;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;

/**
 * Makes a HikariCP pool do what its setters only promise: grow while threads wait, and
 * shrink at once. Uses nothing but HikariCP's public methods.
 * <p>
 * Safe for any thread, without a lock: callers set targets and claim connections, and
 * wait for nothing. Connections are evicted by one task of the executor.
 */
final class HikariResizer implements GateListener {

	/** The longest pause between two looks at what has not happened yet. */
	private static final int LONGEST_PAUSE_MILLIS = 128;

	/** The pause while the connections that are too many are all in use. */
	private static final long ALL_IN_USE_MILLIS = 1000;

	private final HikariDataSource pool;

	private final ConnectionGate gate;

	private final HikariSizes sizes;

	private final HikariGrowth growth;

	private final Overflow overflow;

	private volatile PoolSize target;

	private final Retirements retirements;

	private final SerialTask applying;

	private final SerialTask retiring;

	// looks in a row that nobody requested
	private final AtomicInteger looks = new AtomicInteger();

	private final LongAdder recycled = new LongAdder();

	private final Reachability reachability;

	HikariResizer(HikariDataSource pool, ConnectionGate gate, PoolSize target, Executor executor) {
		this.pool = pool;
		this.gate = gate;
		this.sizes = new HikariSizes(pool);
		this.growth = new HikariGrowth(pool, this::min, this::ceiling);
		this.target = target;
		this.retirements = new Retirements(pool, gate, this::ceiling);
		this.reachability = new Reachability(executor);
		this.applying = new SerialTask(pool::getPoolName, this::apply, Runnable::run);
		this.retiring = new SerialTask(pool::getPoolName, this::retire, executor);
		this.overflow = new Overflow(pool, gate::open, executor, this.applying::request);
		this.overflow.size(target.max(), target.overflow());
		this.applying.request();
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

	void resize(PoolSize target) {
		this.target = target;
		this.overflow.size(target.max(), target.overflow());
		this.applying.request();
		this.overflow.openIfNeeded();
	}

	Overflow overflow() {
		return this.overflow;
	}

	/**
	 * What may exist at present.
	 */
	private int ceiling() {
		return this.overflow.isOpen() ? this.target.ceiling() : this.target.max();
	}

	/**
	 * Only waiting callers open connections of the overflow, the minimum doesn't.
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

	/**
	 * Tells the gate and HikariCP what may exist. What is open or being opened beyond
	 * that counts from here on, since the gate lets no more in.
	 */
	private long apply() {
		this.gate.limit(ceiling());
		this.sizes.set(min(), ceiling());
		if (this.retirements.hasExcess()) {
			this.gate.watch().watchReturns(true);
			requestRetiring();
		}
		this.growth.grow();
		return SerialTask.DONE;
	}

	private void requestRetiring() {
		this.looks.set(0);
		this.retiring.request();
	}

	/**
	 * Claims idle connections while there are too many, and has HikariCP close what is
	 * claimed. As long as there are too many then, each connection that comes back is
	 * claimed: one that is coming back meanwhile may be seen by neither, so this runs
	 * again until there are not too many.
	 */
	private long retire() {
		if (this.retirements.hasExcess()) {
			this.gate.watch().watchReturns(true);
			this.gate.ahead().end();
			for (GateConnection connection : this.gate.connections()) {
				if (!connection.isBorrowed()) {
					this.retirements.claimExcess(connection);
				}
			}
		}
		boolean left = this.retirements.evictAll();
		boolean excess = this.retirements.hasExcess();
		this.gate.watch().watchReturns(excess);
		if (left) {
			return Math.min(1L << Math.min(this.looks.getAndIncrement(), 10), LONGEST_PAUSE_MILLIS);
		}
		if (excess || this.retirements.hasExcess()) {
			return (counts().free() > 0) ? LONGEST_PAUSE_MILLIS : ALL_IN_USE_MILLIS;
		}
		return SerialTask.DONE;
	}

	/**
	 * Whatever the size: idle, the connection is closed at once; in use, when it comes
	 * back.
	 */
	@Override
	public void retire(GateConnection connection) {
		if (this.retirements.claim(connection)) {
			requestRetiring();
		}
	}

	@Override
	public void wornOut(GateConnection connection) {
		if (this.retirements.claim(connection)) {
			this.recycled.increment();
			this.retirements.mark(connection);
			requestRetiring();
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
		if (this.retirements.hasExcess()) {
			// while this one was not open and still retiring, one too few could be
			// claimed
			requestRetiring();
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
		if (this.retirements.claimExcess(connection) || connection.isRetiring()) {
			this.retirements.mark(connection);
			requestRetiring();
		}
	}

}
