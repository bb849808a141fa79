package io.poolwise.lease.postgres;

import java.io.EOFException;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How sessions end so that it can be proven.
 */
final class PostgresSessions {

	static final int TIMEOUT_MILLIS = 10_000;

	private PostgresSessions() {
	}

	/**
	 * Bounds how long the driver waits for any answer.
	 */
	static void bound(Connection connection) throws SQLException {
		connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
	}

	/**
	 * Has the server end the session. A server process closes its end of the connection
	 * by ending, after all of its locks are gone: so the end of the stream is the proof.
	 * @return whether the end of the stream was seen
	 */
	static boolean end(Connection connection) {
		boolean seen = false;
		try (connection) {
			bound(connection);
			Script.run(connection, "SELECT pg_terminate_backend(pg_backend_pid())");
			Script.run(connection, "SELECT 1");
		}
		catch (SQLException ex) {
			seen = endOfStream(ex);
		}
		return seen;
	}

	private static boolean endOfStream(SQLException failure) {
		for (Throwable each : failure) {
			if (each instanceof EOFException || each instanceof SocketException) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Takes back the bound. A connection that can't say so is broken, and about to be
	 * closed.
	 */
	static void unbound(Connection connection, int before) {
		try {
			connection.setNetworkTimeout(Runnable::run, before);
		}
		catch (SQLException ex) {
			// it is broken
		}
	}

}
