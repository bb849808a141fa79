package io.poolwise.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Leave to open physical connections, where somebody outside of the pool has a say in how
 * many there are. Safe for any thread.
 */
public interface ConnectionPermits {

	/**
	 * Nobody has a say.
	 */
	ConnectionPermits UNLIMITED = (patience) -> Permit.FREE;

	/**
	 * Waits for leave to open one connection.
	 * @param patience how long to wait at most
	 * @return the leave
	 * @throws SQLException if there was none in time, or the thread was interrupted
	 */
	Permit acquire(Duration patience) throws SQLException;

	/**
	 * Waits until it is known whether connects are permitted at all. For callers that
	 * would otherwise queue behind the one that starts the pool.
	 * @param patience how long to wait at most
	 * @throws NoLeaveException if it was not known in time, or no connect is permitted
	 */
	default void await(Duration patience) throws NoLeaveException {
	}

	/**
	 * Offers the session over which the server has just been asked what it grants.
	 * @param session a session as the pool opens them, but not prepared
	 * @return whether the session was taken over: the caller does not close it then
	 */
	default boolean takeOver(Connection session) {
		return false;
	}

	/**
	 * Whether the server may be asked over a session beside the pool. Where it may not,
	 * the connections of the pool have to do.
	 * @return {@code true} where nobody counts such sessions
	 */
	default boolean allowSessionBeside() {
		return true;
	}

	/**
	 * Leave to open one connection; exactly one of {@link #unused}, {@link #failed} and
	 * {@link #settle} follows.
	 */
	interface Permit {

		/**
		 * The leave that costs nothing.
		 */
		Permit FREE = new Permit() {

			@Override
			public void unused() {
			}

			@Override
			public void failed(Throwable failure) {
			}

			@Override
			public void settle(Connection session, Retirement retirement) {
			}

			@Override
			public void closed() {
			}

		};

		/**
		 * No connect was tried.
		 */
		void unused();

		/**
		 * The connect failed.
		 * @param failure what it failed with
		 */
		void failed(Throwable failure);

		/**
		 * Makes a new session one that may be used.
		 * @param session the session, which nobody used yet
		 * @param retirement how to be rid of it later
		 * @throws SQLException if it may not be used; it is closed then
		 */
		void settle(Connection session, Retirement retirement) throws SQLException;

		/**
		 * The settled session was closed.
		 */
		void closed();

	}

	/**
	 * How somebody outside of the pool gets rid of a session.
	 */
	interface Retirement {

		/**
		 * Has the pool close the session as soon as nobody uses it.
		 */
		void retire();

		/**
		 * Closes the session at once, whoever uses it.
		 */
		void cut();

	}

}
