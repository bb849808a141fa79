package io.poolwise.pool.hikari;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections of one pool that are ready, in use or not. Safe for any thread.
 */
final class GateConnections {

	private final Set<GateConnection> ready = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private long closedReturns;

	void add(GateConnection connection) {
		this.ready.add(connection);
	}

	/**
	 * Forgets a connection that nobody ever had.
	 */
	void discard(GateConnection connection) {
		this.ready.remove(connection);
	}

	void closed(GateConnection connection) {
		this.lock.lock();
		try {
			this.ready.remove(connection);
			this.closedReturns += connection.returns();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The connections, in no order.
	 * @return a snapshot
	 */
	List<GateConnection> all() {
		return List.copyOf(this.ready);
	}

	/**
	 * How often a connection has come back to the pool since the start. Read without a
	 * lock while others write: good for seeing that something happened, not for
	 * accounting.
	 * @return a growing number
	 */
	long returns() {
		this.lock.lock();
		try {
			long sum = this.closedReturns;
			for (GateConnection connection : this.ready) {
				sum += connection.returns();
			}
			return sum;
		}
		finally {
			this.lock.unlock();
		}
	}

}
