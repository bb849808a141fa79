package io.poolwise.lease;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the sessions of every database have in common: how long they may take to answer,
 * and how they end.
 */
public final class JdbcSessions {

	private static final int TIMEOUT_MILLIS = 10_000;

	// insufficient privilege; MariaDB has a general state for it, with its own codes
	private static final String FORBIDDEN = "42501";

	private static final Set<Integer> FORBIDDEN_CODES = Set.of(1142, 1227, 1370);

	private JdbcSessions() {
	}

	/**
	 * Bounds how long the driver waits for any answer.
	 * @param connection the session
	 * @throws SQLException if the connection is broken
	 */
	public static void bound(Connection connection) throws SQLException {
		connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
	}

	/**
	 * Takes back the bound. A connection that can't say so is broken, and about to be
	 * closed.
	 * @param connection the session
	 * @param before how long the driver waited before, in milliseconds
	 */
	static void unbound(Connection connection, int before) {
		try {
			connection.setNetworkTimeout(Runnable::run, before);
		}
		catch (SQLException ex) {
			// it is broken
		}
	}

	/**
	 * Whether a statement failed since the role lacks a right.
	 * @param failure what it failed with
	 * @return whether that is certain
	 */
	public static boolean isForbidden(SQLException failure) {
		return FORBIDDEN.equals(failure.getSQLState()) || FORBIDDEN_CODES.contains(failure.getErrorCode());
	}

	/**
	 * Closes a session without a word to the server.
	 * @param connection the session
	 */
	static void abort(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			// it was closed already
		}
	}

	/**
	 * Has the server end a session, and closes it.
	 * @param connection the session, which may be broken
	 * @param farewell asks the server for that, and for an answer that can only fail
	 * @param proof whether a failure shows that nothing of the session is left
	 * @return whether such a failure was seen
	 */
	public static boolean end(Connection connection, Farewell farewell, Predicate<Throwable> proof) {
		boolean seen = false;
		try (connection) {
			bound(connection);
			farewell.say(connection);
		}
		catch (SQLException ex) {
			for (Throwable each : ex) {
				seen |= proof.test(each);
			}
		}
		return seen;
	}

	/**
	 * Asks the server to end a session.
	 */
	@FunctionalInterface
	public interface Farewell {

		/**
		 * Asks.
		 * @param connection the session
		 * @throws SQLException as soon as the session has ended
		 */
		void say(Connection connection) throws SQLException;

	}

	/**
	 * Takes one row in.
	 */
	@FunctionalInterface
	public interface RowReader {

		/** Takes nothing in. */
		RowReader NONE = (row) -> {
		};

		/**
		 * Takes the row in.
		 * @param row the row, valid for the time of the call
		 * @throws SQLException if it can't be read
		 */
		void read(ResultSet row) throws SQLException;

	}

}
