package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

/**
 * Makes a HikariCP pool do what its setters only promise: grow while threads wait, and
 * shrink at once. Uses nothing but HikariCP's public methods. Safe for any thread.
 */
final class HikariResizer implements ConnectionGate.Listener {

	private static final int RETURN_CHECKS = 50;

	private final HikariDataSource pool;

	private final ConnectionGate gate;

	private final Executor executor;

	private final long idleTimeoutMillis;

	private volatile PoolSize target;

	private volatile @Nullable String connectFailure;

	private volatile Runnable onReconnect = () -> {
	};

	HikariResizer(HikariDataSource pool, ConnectionGate gate, PoolSize target, Executor executor) {
		this.pool = pool;
		this.gate = gate;
		this.executor = executor;
		this.idleTimeoutMillis = pool.getIdleTimeout();
		this.target = target;
		apply(target);
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
		apply(target);
		shrink();
		grow();
	}

	@Nullable String connectFailure() {
		return this.connectFailure;
	}

	void onReconnect(Runnable action) {
		this.onReconnect = action;
	}

	/**
	 * HikariCP accepts a minimum above the maximum and then keeps to neither, so the two
	 * are moved in the order that keeps them apart. An idle timeout makes no sense in a
	 * pool of one size, and HikariCP says so in a warning.
	 */
	private void apply(PoolSize size) {
		this.gate.limit(size.ceiling());
		if (size.min() <= this.pool.getMaximumPoolSize()) {
			this.pool.setMinimumIdle(size.min());
			this.pool.setMaximumPoolSize(size.ceiling());
		}
		else {
			this.pool.setMaximumPoolSize(size.ceiling());
			this.pool.setMinimumIdle(size.min());
		}
		if (size.min() < size.ceiling()) {
			this.pool.setIdleTimeout(this.idleTimeoutMillis);
		}
		else if (this.pool.getHikariPoolMXBean() == null) {
			this.pool.setIdleTimeout(TimeUnit.MINUTES.toMillis(10));
		}
	}

	private void shrink() {
		List<GateConnection> connections = this.gate.connections();
		int excess = this.gate.open() - this.target.ceiling();
		for (GateConnection connection : connections) {
			if (connection.isRetiring() && !isEvictable(connection)) {
				connection.setRetiring(false);
			}
			excess -= connection.isRetiring() ? 1 : 0;
		}
		List<GateConnection> candidates = connections.stream()
			.filter((connection) -> !connection.isRetiring())
			.sorted(Comparator.comparing(GateConnection::isBorrowed))
			.toList();
		for (int i = 0; i < candidates.size() && excess > 0; i++, excess--) {
			retire(candidates.get(i));
		}
	}

	private static boolean isEvictable(GateConnection connection) {
		try {
			return connection.closedHandle() != null;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private void retire(GateConnection connection) {
		if (connection.wasNeverBorrowed()) {
			retireAnyFree(connection);
		}
		else {
			connection.setRetiring(true);
			evictIfReturned(connection, 0);
		}
	}

	/**
	 * A connection that nobody ever borrowed has no handle yet, so one is borrowed: it is
	 * free, or was a moment ago.
	 */
	private void retireAnyFree(GateConnection intended) {
		if (this.pool.getHikariPoolMXBean() instanceof HikariPool running && running.getIdleConnections() > 0) {
			try (Connection free = running.getConnection(1)) {
				free.unwrap(GateConnection.class).setRetiring(true);
				this.pool.evictConnection(free);
				return;
			}
			catch (SQLException ex) {
				// somebody was faster
			}
		}
		intended.setRetiring(true);
	}

	private void evictIfReturned(GateConnection connection, int checks) {
		try {
			Connection handle = connection.closedHandle();
			if (handle != null) {
				this.pool.evictConnection(handle);
			}
			else if (!connection.isBorrowed() && checks < RETURN_CHECKS) {
				// between the pool's last call on the connection and the end of the
				// return
				CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, this.executor)
					.execute(() -> evictIfReturned(connection, checks + 1));
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("HikariCP's handles answer isClosed() without a server", ex);
		}
	}

	private void grow() {
		if (this.pool.getHikariPoolMXBean() instanceof HikariPool running) {
			int wanted = wanted(running);
			for (int i = 0; i < wanted; i++) {
				running.addBagItem(wanted);
			}
		}
	}

	private int wanted(HikariPool running) {
		int missing = Math.max(running.getThreadsAwaitingConnection(), this.target.min())
				- running.getIdleConnections();
		return Math.min(missing, this.target.ceiling() - running.getTotalConnections());
	}

	/**
	 * HikariCP's queue of connects to make is as long as its first maximum was, and what
	 * doesn't fit is dropped: so each connect that was made asks for the next.
	 */
	private void growByOne() {
		if (this.pool.getHikariPoolMXBean() instanceof HikariPool running) {
			running.addBagItem(wanted(running));
		}
	}

	@Override
	public void connected() {
		if (this.connectFailure != null) {
			this.connectFailure = null;
			this.executor.execute(this.onReconnect);
		}
		growByOne();
	}

	@Override
	public void connectFailed(Throwable failure) {
		this.connectFailure = Failures.describe(failure);
	}

	@Override
	public void closed() {
		growByOne();
	}

	@Override
	public void retiringReturned(GateConnection connection) {
		this.executor.execute(() -> evictIfReturned(connection, 0));
	}

}
