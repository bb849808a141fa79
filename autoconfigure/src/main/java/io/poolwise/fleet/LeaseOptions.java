package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.poolwise.lease.LeaseSettings;

/**
 * What an application asks of leases.
 *
 * @param required whether the start stops where they are impossible
 * @param namespace what the fleet calls itself
 * @param seats connections kept free for instances that join, at least 1
 * @param pollInterval how often to look at the fleet
 * @param coordination where the sessions of coordinators go
 */
public record LeaseOptions(boolean required, String namespace, int seats, Duration pollInterval,
		Coordination coordination) {

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if the namespace is blank, there is no seat, or
	 * the interval isn't above zero
	 */
	public LeaseOptions {
		if (namespace.isBlank() || seats < 1 || pollInterval.isNegative() || pollInterval.isZero()) {
			throw new IllegalArgumentException(
					"namespace '%s', %d seats, a look each %s".formatted(namespace, seats, pollInterval));
		}
	}

	/**
	 * The numbers of one member that has no pools yet.
	 * @param member its number
	 * @param authenticationTimeout how long the server lets a session take to log in
	 */
	LeaseSettings settings(long member, Duration authenticationTimeout) {
		LeaseSettings usual = LeaseSettings.defaults(member, 0);
		return new LeaseSettings(member, this.seats, usual.connects(), usual.strays(), usual.minimumSize(),
				authenticationTimeout.plusSeconds(5), this.pollInterval, usual.auditInterval(), usual.settleInterval(),
				usual.announceInterval(), usual.joinPatience(), usual.backoff(), usual.stuckAfter());
	}

	/**
	 * Opens a connection as a pool does, beside it. Safe for any thread.
	 */
	public interface Connector {

		/**
		 * Opens a connection.
		 * @return the connection, for the caller to close
		 * @throws SQLException if there is none
		 */
		Connection connect() throws SQLException;

	}

	/**
	 * Opens connections for coordinators. Safe for any thread.
	 */
	public interface Coordination {

		/**
		 * To the database of the pool itself.
		 */
		Coordination OF_THE_POOL = Connector::connect;

		/**
		 * Opens a connection for a coordinator.
		 * @param pool opens one as the pool does
		 * @return the connection, for the caller to close
		 * @throws SQLException if there is none
		 */
		Connection connect(Connector pool) throws SQLException;

	}

}
