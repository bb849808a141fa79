package io.poolwise.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What the ledgers of every database have in common: how sessions are opened and fenced,
 * and what a failure says. The locks themselves are for its subclasses.
 * <p>
 * Safe for any thread.
 */
public abstract class JdbcSlotLedger implements SlotLedger<Connection> {

	private final SessionConnector<Connection, SQLException> connector;

	/**
	 * Creates a ledger.
	 * @param connector opens coordinator sessions
	 */
	protected JdbcSlotLedger(SessionConnector<Connection, SQLException> connector) {
		this.connector = connector;
	}

	/**
	 * Finds out over one session whether the server's locks will do, and whether its role
	 * may use them.
	 * @param session the session, of a coordinator or as the pool opens them
	 * @return the verdict
	 * @throws SQLException if the session broke
	 */
	public abstract LedgerFitness examine(Connection session) throws SQLException;

	@Override
	public final CoordinatorSession open(int seats, int budget) throws LedgerException {
		Connection connection;
		long started = System.nanoTime();
		try {
			connection = this.connector.connect();
		}
		catch (SQLException | RuntimeException | Error ex) {
			Duration took = Duration.ofNanos(System.nanoTime() - started);
			throw new LedgerException("no connection: " + ex.getMessage(), leftNoSession(ex, took), ex);
		}
		try {
			JdbcSessions.bound(connection);
			connection.setAutoCommit(true);
			JdbcCoordinator coordinator = begin(connection, seats);
			coordinator.keepSeat(budget);
			return coordinator;
		}
		catch (SQLException | RuntimeException | Error ex) {
			boolean gone = end(connection);
			throw (ex instanceof SQLException sql && JdbcSessions.isForbidden(sql))
					? LedgerException.forbidden(String.valueOf(ex.getMessage()), gone, ex)
					: new LedgerException("no seat: " + ex.getMessage(), gone, ex);
		}
	}

	@Override
	public final Fenced fence(Connection connection, Grant grant) throws LedgerException {
		try {
			int before = connection.getNetworkTimeout();
			JdbcSessions.bound(connection);
			try {
				return take(connection, grant);
			}
			finally {
				JdbcSessions.unbound(connection, before);
			}
		}
		catch (SQLException ex) {
			throw JdbcSessions.isForbidden(ex) ? LedgerException.forbidden(String.valueOf(ex.getMessage()), false, ex)
					: new LedgerException("no slot: " + ex.getMessage(), ConnectFailures.ended(ex), ex);
		}
	}

	@Override
	public final boolean leftNoSession(Throwable failure, Duration took) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && isRefusal(sql, took)) {
				return true;
			}
		}
		return ConnectFailures.leftNoSession(failure, took);
	}

	/**
	 * Makes a coordinator of a new session, and takes a free seat, if there is one.
	 * @param connection the session
	 * @param seats the seats there are, at least 1
	 * @return the coordinator
	 * @throws SQLException if the session broke, or may not be one
	 */
	protected abstract JdbcCoordinator begin(Connection connection, int seats) throws SQLException;

	/**
	 * Takes {@code use} of a slot; then, as a second statement of the same round trip,
	 * reads who holds {@code own}.
	 * @param connection the session
	 * @param grant the slot, and the coordinator that should hold it
	 * @return what came of it
	 * @throws SQLException if the session broke
	 */
	protected abstract Fenced take(Connection connection, Grant grant) throws SQLException;

	/**
	 * Whether the server refused a connect before there was a session that could take
	 * anything.
	 * @param failure what the connect failed with
	 * @param took how long it took, at most
	 * @return whether it is certain
	 */
	protected abstract boolean isRefusal(SQLException failure, Duration took);

}
