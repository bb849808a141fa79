package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import com.zaxxer.hikari.pool.HikariPool;
import io.poolwise.pool.ServerUnreachableException;
import io.poolwise.pool.StandIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the callers of a pool that has a replica get their connections: those who only
 * read from the replica, or from the pool itself while the replica's server can't be
 * reached; all others from the pool itself. Safe for any thread.
 */
final class ReplicaRoute implements RoutedConnection.Source {

	private static final Logger logger = LoggerFactory.getLogger(ReplicaRoute.class);

	private final String name;

	private final RoutedConnection.Source primary;

	private final String replicaName;

	private final GovernedHikariDataSource replica;

	private final LongAdder fallbacks = new LongAdder();

	private final AtomicBoolean away = new AtomicBoolean();

	/**
	 * Creates a route.
	 * @param name the name of the pool itself
	 * @param primary borrows from the pool itself
	 * @param replica the pool of the replica
	 */
	ReplicaRoute(String name, RoutedConnection.Source primary, GovernedHikariDataSource replica) {
		this.name = name;
		this.primary = primary;
		this.replicaName = replica.managedPool().name();
		this.replica = replica;
	}

	StandIn standIn() {
		return new StandIn(this.name, this.fallbacks.sum());
	}

	@Override
	public Connection borrow(boolean readOnly) throws SQLException {
		if (!readOnly) {
			return this.primary.borrow(false);
		}
		// before its start, and after its end, it is no fault that it doesn't serve
		if (this.replica.getHikariPoolMXBean() instanceof HikariPool && !this.replica.isClosed()) {
			try {
				Connection connection = this.replica.getConnection();
				back();
				return connection;
			}
			catch (ServerUnreachableException ex) {
				fallBack();
			}
			catch (SQLException ex) {
				if (!this.replica.isClosed()) {
					throw ex;
				}
			}
		}
		return this.primary.borrow(true);
	}

	private void back() {
		if (this.away.get() && this.away.compareAndSet(true, false)) {
			logger.info("{}: the server is back, and serves read-only transactions again", this.replicaName);
		}
	}

	private void fallBack() {
		this.fallbacks.increment();
		if (!this.away.get() && this.away.compareAndSet(false, true)) {
			logger.warn("{}: the server can't be reached; read-only transactions go to {} until it is back",
					this.replicaName, this.name);
		}
	}

}
