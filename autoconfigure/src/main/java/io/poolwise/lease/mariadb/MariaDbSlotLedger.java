package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.poolwise.lease.JdbcCoordinator;
import io.poolwise.lease.Grant;
import io.poolwise.lease.JdbcSlotLedger;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;
import io.poolwise.lease.SessionId;

/**
 * Slots as named user locks of a MariaDB server. They are those of the whole server, so
 * one namespace spans all of its databases. The server never uses a session's number
 * again until it restarts, which is why a session needs no further mark.
 * <p>
 * Safe for any thread.
 */
public final class MariaDbSlotLedger extends JdbcSlotLedger {

	private final LockNames names;

	/**
	 * Creates a ledger.
	 * @param connector opens coordinator sessions
	 * @param namespace what the fleet calls itself: 1 to 64 letters, digits, '_', '-',
	 * '.' or ':'
	 * @throws IllegalArgumentException if the namespace has other characters
	 */
	public MariaDbSlotLedger(SessionConnector<Connection, SQLException> connector, String namespace) {
		super(connector);
		this.names = new LockNames(namespace);
	}

	/**
	 * {@inheritDoc} Those of MySQL are not relied on, because nobody tried.
	 */
	@Override
	public LedgerFitness examine(Connection session) throws SQLException {
		return MariaDbExaminer.examine(session);
	}

	@Override
	public boolean forgo(Connection connection, int slot) {
		try {
			MariaDbSessions.query(connection, "SELECT RELEASE_LOCK(" + this.names.use(slot) + "), RELEASE_LOCK("
					+ this.names.expression("session", "CONNECTION_ID()") + ")", (row) -> {
					});
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	@Override
	protected JdbcCoordinator begin(Connection connection, int seats) throws SQLException {
		return MariaDbCoordinator.begin(connection, this.names, seats);
	}

	@Override
	protected Fenced take(Connection connection, Grant grant) throws SQLException {
		SessionId owner = grant.coordinator();
		// a compound statement: strictly one after the other, in one round trip
		String sql = "BEGIN NOT ATOMIC DECLARE taken INT; DECLARE mark INT; SET mark = GET_LOCK("
				+ this.names.expression("session", "CONNECTION_ID()") + ", 0); SET taken = GET_LOCK("
				+ this.names.use(grant.slot()) + ", 0); SELECT CONNECTION_ID(), " + MariaDbSessions.SERVER
				+ ", taken, IS_USED_LOCK(" + this.names.own(grant.slot()) + "); END";
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
			try (ResultSet row = statement.getResultSet()) {
				row.next();
				SessionId session = new SessionId(row.getLong(2), row.getLong(1), 0);
				return new Fenced(session, row.getInt(3) == 1,
						row.getLong(4) == owner.pid() && session.server() == owner.server());
			}
		}
	}

	@Override
	public boolean end(Connection connection) {
		return MariaDbSessions.end(connection);
	}

	/**
	 * Only the server numbers its errors. It closes the connection after one during the
	 * login, as the driver does after a statement of its own that failed.
	 */
	@Override
	protected boolean isRefusal(SQLException failure, Duration took) {
		return failure.getErrorCode() > 0;
	}

}
