package io.poolwise.lease.postgres;

import java.sql.Connection;

import io.poolwise.lease.ConnectFailures;
import io.poolwise.lease.JdbcSessions;

/**
 * How sessions end so that it can be proven.
 */
final class PostgresSessions {

	private PostgresSessions() {
	}

	/**
	 * Has the server end the session. A server process closes its end of the connection
	 * by ending, after all of its locks are gone: so the end of the stream is the proof.
	 * @return whether the end of the stream was seen
	 */
	static boolean end(Connection connection) {
		return JdbcSessions.end(connection, (session) -> {
			Script.run(session, "SELECT pg_terminate_backend(pg_backend_pid())");
			Script.run(session, "SELECT 1");
		}, ConnectFailures::ended);
	}

}
