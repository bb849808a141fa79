package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

import javax.sql.DataSource;

import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.ConnectionPermits.Permit;
import org.jspecify.annotations.Nullable;

/**
 * The only way from a pool to its server: counts physical connections from before they
 * are opened until after they are closed, never lets more than its limit exist, and
 * prepares each new session. Nothing here lies on the borrow path. Safe for any thread.
 */
final class ConnectionGate extends DelegatingDataSource {

	private final DataSource target;

	private final SessionPreparer preparer;

	private final ConnectionPermits permits;

	private final QueryLimit queries;

	private final LongSupplier patienceMillis;

	private final GateConnections connections = new GateConnections();

	private final Room room;

	private final ConnectionsAhead ahead = new ConnectionsAhead();

	private volatile GateListener listener = GateListener.NONE;

	private final BorrowWatch watch = new BorrowWatch();

	/**
	 * Creates a gate.
	 * @param target opens the physical connections
	 * @param preparer prepares each new session
	 * @param permits who else has a say in how many there are
	 * @param queries after how many statements a connection is recycled
	 * @param limit how many may exist at once, at least 1
	 * @param patienceMillis how long a connect waits for another connection to be really
	 * closed, and for leave, in milliseconds
	 */
	ConnectionGate(DataSource target, SessionPreparer preparer, ConnectionPermits permits, QueryLimit queries,
			int limit, LongSupplier patienceMillis) {
		this.target = target;
		this.preparer = preparer;
		this.permits = permits;
		this.queries = queries;
		this.room = new Room(limit, patienceMillis);
		this.patienceMillis = patienceMillis;
	}

	@Override
	DataSource target() {
		return this.target;
	}

	void listen(GateListener listener) {
		this.listener = listener;
	}

	void limit(int limit) {
		this.room.limit(limit);
	}

	/**
	 * Physical connections that exist, those being opened and closed included.
	 * @return how many, at least 0
	 */
	int open() {
		return this.room.taken();
	}

	/**
	 * The connections that are ready, in no order.
	 * @return a snapshot
	 */
	List<GateConnection> connections() {
		return this.connections.all();
	}

	/**
	 * How often a connection has come back to the pool.
	 * @return a growing number, see {@link GateConnections#returns()}
	 */
	long returns() {
		return this.connections.returns();
	}

	@Override
	public Connection getConnection() throws SQLException {
		return next(super::getConnection);
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return next(() -> super.getConnection(username, password));
	}

	/**
	 * What the pool gets that asks for a connection: one that is there, else a new one.
	 */
	private Connection next(Connector connector) throws SQLException {
		GateConnection there = this.ahead.take();
		if (there != null) {
			this.listener.arrived();
			return there;
		}
		return open(connector);
	}

	/**
	 * Opens a connection for when the pool asks. A failure is for the listener.
	 * @param connector opens it
	 * @return whether one was opened, and is wanted
	 */
	boolean openAhead(Connector connector) {
		return this.ahead.open(() -> open(connector));
	}

	/**
	 * Connections that were opened before the pool asked for them.
	 */
	ConnectionsAhead ahead() {
		return this.ahead;
	}

	/**
	 * What is watched of borrows and returns.
	 */
	BorrowWatch watch() {
		return this.watch;
	}

	private GateConnection open(Connector connector) throws SQLException {
		Permit permit = enter();
		GateConnection connection;
		try {
			connection = settled(connect(connector, permit), permit);
		}
		catch (SQLException | RuntimeException | Error ex) {
			this.listener.connectFailed(ex);
			throw ex;
		}
		boolean told = false;
		try {
			this.listener.connected();
			told = true;
		}
		finally {
			if (!told) {
				// the pool never gets it
				connection.cut();
			}
		}
		return connection;
	}

	private Connection connect(Connector connector, Permit permit) throws SQLException {
		try {
			return connector.connect();
		}
		catch (SQLException | RuntimeException | Error ex) {
			try {
				permit.failed(ex);
			}
			finally {
				this.room.giveBack();
			}
			throw ex;
		}
	}

	/**
	 * Whoever has a say in connections may cut this one while it is prepared: then it is
	 * counted off already. Whatever fails, an {@link Error} included, the session is
	 * closed, and its leave and its room are given back.
	 */
	private GateConnection settled(Connection session, Permit permit) throws SQLException {
		Settling settling = new Settling(session, permit);
		boolean settled = false;
		try {
			settled = settling.run();
		}
		finally {
			if (!settled) {
				settling.undo();
			}
		}
		if (!settled) {
			throw new SQLTransientConnectionException("The connection was cut while it was made");
		}
		return settling.connection();
	}

	/**
	 * Waits for room, then for leave; what waits for leave does not count as open.
	 */
	private Permit enter() throws SQLException {
		this.room.await();
		Permit permit = this.permits.acquire(Duration.ofMillis(this.patienceMillis.getAsLong()));
		boolean entered = false;
		try {
			this.room.take();
			entered = true;
		}
		finally {
			if (!entered) {
				permit.unused();
			}
		}
		return permit;
	}

	void closed(GateConnection connection, boolean broken) {
		try {
			this.connections.closed(connection);
		}
		finally {
			try {
				this.room.giveBack();
			}
			finally {
				connection.permit().closed();
			}
		}
		this.listener.closed(connection, broken);
	}

	void retire(GateConnection connection) {
		if (!this.ahead.close(connection)) {
			this.listener.retire(connection);
		}
	}

	/**
	 * A connection that comes back has run as many statements as it may.
	 */
	void wornOut(GateConnection connection) {
		this.listener.wornOut(connection);
	}

	void returned(GateConnection connection) {
		this.listener.returned(connection);
	}

	/**
	 * How far a new session has come.
	 */
	private final class Settling {

		private final Connection session;

		private final Permit permit;

		private @Nullable GateConnection connection;

		private boolean asked;

		private boolean granted;

		Settling(Connection session, Permit permit) {
			this.session = session;
			this.permit = permit;
		}

		/**
		 * Makes the session one of the pool.
		 * @return whether it is; not if it was cut
		 */
		boolean run() throws SQLException {
			ConnectionGate gate = ConnectionGate.this;
			GateConnection connection = new GateConnection(this.session, gate, this.permit, gate.queries.next());
			this.connection = connection;
			this.asked = true;
			this.permit.settle(this.session, connection);
			this.granted = true;
			gate.preparer.prepare(this.session);
			gate.connections.add(connection);
			return !connection.isGone();
		}

		GateConnection connection() {
			return Objects.requireNonNull(this.connection);
		}

		void undo() {
			try {
				this.session.close();
			}
			catch (SQLException | RuntimeException | Error ex) {
				// what led here is told
			}
			finally {
				try {
					giveBackLeave();
				}
				finally {
					giveBackRoom();
				}
			}
		}

		private void giveBackLeave() {
			if (this.granted) {
				this.permit.closed();
			}
			else if (!this.asked) {
				this.permit.failed(new IllegalStateException("the session was not even fenced"));
			}
		}

		private void giveBackRoom() {
			ConnectionGate gate = ConnectionGate.this;
			GateConnection connection = this.connection;
			if (connection == null) {
				gate.room.giveBack();
				return;
			}
			gate.connections.discard(connection);
			if (connection.discard()) {
				gate.room.giveBack();
				gate.listener.discarded(connection);
			}
		}

	}

	/**
	 * Opens a connection.
	 */
	interface Connector {

		Connection connect() throws SQLException;

	}

}
