package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

import io.poolwise.pool.ConnectionPermits;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one pool. As long as it is not known whether its server has leases, each
 * connect asks again, and none is made. Safe for any thread.
 */
public final class PoolPermits implements ConnectionPermits {

	private final String pool;

	private final Runnable ask;

	private volatile LeaseOptions.@Nullable Connector connector;

	private volatile @Nullable ConnectionPermits decided;

	private volatile String objection = "the server could not be asked";

	PoolPermits(String pool, Runnable ask) {
		this.pool = pool;
		this.ask = ask;
	}

	/**
	 * Names what opens connections as the pool does.
	 * @param connector opens one beside the pool
	 */
	public void connectThrough(LeaseOptions.Connector connector) {
		this.connector = connector;
	}

	LeaseOptions.Connector connector() {
		return this::connect;
	}

	private Connection connect() throws SQLException {
		LeaseOptions.Connector connector = this.connector;
		if (connector == null) {
			throw new SQLTransientConnectionException("The pool " + this.pool + " is not there yet");
		}
		return connector.connect();
	}

	String pool() {
		return this.pool;
	}

	boolean isUndecided() {
		return this.decided == null;
	}

	/**
	 * Keeps the pool closed for a reason that may pass.
	 * @return whether the reason is another one than before
	 */
	boolean keepClosed(String objection) {
		boolean news = !objection.equals(this.objection);
		this.objection = objection;
		return news;
	}

	void free() {
		this.decided = ConnectionPermits.UNLIMITED;
	}

	void lease(LeasedServer server) {
		this.decided = server::acquire;
	}

	@Override
	public Permit acquire(Duration patience) throws SQLException {
		ConnectionPermits permits = this.decided;
		if (permits == null) {
			this.ask.run();
			permits = this.decided;
		}
		if (permits == null) {
			throw new SQLTransientConnectionException(
					"Whether the pool " + this.pool + " has leases is not known yet: " + this.objection);
		}
		return permits.acquire(patience);
	}

}
