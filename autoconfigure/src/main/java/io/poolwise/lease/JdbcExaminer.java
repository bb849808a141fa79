package io.poolwise.lease;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Finds out with two sessions whether a server's locks can be relied on. What makes locks
 * real is for its subclasses.
 */
public abstract class JdbcExaminer {

	private final SessionConnector<Connection, SQLException> connector;

	private final SessionConnector<Connection, SQLException> pool;

	/**
	 * Creates an examiner.
	 * @param connector opens coordinator sessions
	 * @param pool opens a session as the pool does
	 */
	protected JdbcExaminer(SessionConnector<Connection, SQLException> connector,
			SessionConnector<Connection, SQLException> pool) {
		this.connector = connector;
		this.pool = pool;
	}

	/**
	 * Finds out.
	 * @return the verdict
	 * @throws LedgerException if the server could not be asked
	 */
	public final LedgerFitness examine() throws LedgerException {
		try {
			try (Connection first = this.connector.connect(); Connection second = poolSession()) {
				JdbcSessions.bound(first);
				JdbcSessions.bound(second);
				return examine(first, second);
			}
			catch (SQLException ex) {
				return judge(ex);
			}
		}
		catch (SQLException ex) {
			throw new LedgerException("the server could not be examined: " + ex.getMessage(), false, ex);
		}
	}

	/**
	 * Opens a session as the pool does.
	 * @return the session, for the caller to close
	 * @throws SQLException if there is none to be had
	 */
	protected final Connection poolSession() throws SQLException {
		return this.pool.connect();
	}

	/**
	 * Examines two sessions.
	 * @param first a coordinator's
	 * @param second one as the pool has them
	 * @return the verdict
	 * @throws SQLException if one broke, or may not do something
	 */
	protected abstract LedgerFitness examine(Connection first, Connection second) throws SQLException;

	/**
	 * Judges a failure.
	 * @param failure what the examination failed with
	 * @return the verdict, where the failure is one
	 * @throws SQLException if it is not
	 */
	protected LedgerFitness judge(SQLException failure) throws SQLException {
		throw failure;
	}

}
