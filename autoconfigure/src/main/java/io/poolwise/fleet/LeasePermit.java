package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.poolwise.lease.Grant;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger.Fenced;
import io.poolwise.pool.ConnectionPermits.Permit;
import io.poolwise.pool.ConnectionPermits.Retirement;
import io.poolwise.pool.NoLeaveException;
import org.jspecify.annotations.Nullable;

/**
 * Leave to make one connection, paid with a slot.
 */
final class LeasePermit implements Permit {

	private static final String SEVERAL = "its connections reach several servers, each with locks of its own";

	private final LeasedServer server;

	private final PoolPermits permits;

	private final Grant grant;

	private final long granted = System.nanoTime();

	private volatile @Nullable SessionId session;

	LeasePermit(LeasedServer server, PoolPermits permits, Grant grant) {
		this.server = server;
		this.permits = permits;
		this.grant = grant;
	}

	@Override
	public void unused() {
		this.server.runtime().failed(this.grant);
	}

	@Override
	public void failed(Throwable failure) {
		boolean none = false;
		try {
			none = this.server.ledger().leftNoSession(failure, Duration.ofNanos(System.nanoTime() - this.granted));
		}
		finally {
			if (none) {
				this.server.runtime().failed(this.grant);
			}
			else {
				this.server.runtime().unknown(this.grant);
			}
		}
	}

	/**
	 * A session that shows that its pool can't lease is handed out without a slot.
	 */
	@Override
	public void settle(Connection connection, Retirement retirement) throws SQLException {
		Fencing fencing = new Fencing(connection);
		try {
			fencing.run(retirement);
		}
		catch (LedgerException | RuntimeException ex) {
			throw NoLeaveException.atPresent("The new connection could not take its slot: " + ex.getMessage(), ex);
		}
		finally {
			if (!fencing.settled) {
				fencing.undo();
			}
		}
		if (!fencing.settled) {
			throw NoLeaveException.atPresent("The lease for the connection was lost while it was made", null);
		}
	}

	@Override
	public void closed() {
		SessionId session = this.session;
		if (session != null) {
			this.session = null;
			this.server.sessions().closed(session);
			this.server.runtime().closed(session);
		}
	}

	/**
	 * How far a new session has come on its way to its slot. Whatever fails, the session
	 * is closed, and its slot given back.
	 */
	private final class Fencing {

		private final Connection connection;

		private @Nullable Fenced fenced;

		private boolean judged;

		private boolean settled;

		private boolean gone;

		Fencing(Connection connection) {
			this.connection = connection;
		}

		void run(Retirement retirement) throws LedgerException {
			LeasedServer server = LeasePermit.this.server;
			try {
				this.fenced = server.ledger().fence(this.connection, LeasePermit.this.grant);
			}
			catch (LedgerException ex) {
				this.gone = ex.sessionGone();
				if (ex.isForbidden()) {
					server.withdraw(LeasePermit.this.permits, LeasedServer.FORBIDDEN + ex.getMessage());
					if (goesWithout()) {
						return;
					}
				}
				throw ex;
			}
			if (server.reachesElsewhere(this.fenced.session(), LeasePermit.this.grant)) {
				LeasePermit.this.permits.object(SEVERAL);
				server.withdraw(LeasePermit.this.permits, SEVERAL);
				if (goesWithout()) {
					return;
				}
			}
			// known before the fleet may ask for its end
			server.sessions().settled(this.fenced.session(), retirement);
			boolean handedOut = server.runtime().fenced(LeasePermit.this.grant, this.fenced);
			this.judged = true;
			if (handedOut) {
				LeasePermit.this.session = this.fenced.session();
				this.settled = true;
			}
			else {
				server.sessions().closed(this.fenced.session());
				goesWithout();
			}
		}

		/**
		 * Whether the pool needs no slot any more; then the session holds none.
		 */
		private boolean goesWithout() {
			if (LeasePermit.this.permits.isFree()) {
				boolean forgone = LeasePermit.this.server.ledger()
					.forgo(this.connection, LeasePermit.this.grant.slot());
				this.settled = true;
				if (forgone) {
					LeasePermit.this.server.runtime().gone(LeasePermit.this.grant);
				}
				else {
					LeasePermit.this.server.runtime().unknown(LeasePermit.this.grant);
				}
			}
			return this.settled;
		}

		void undo() {
			try {
				if (this.fenced != null) {
					LeasePermit.this.server.sessions().closed(this.fenced.session());
				}
				this.gone |= LeasePermit.this.server.ledger().end(this.connection);
			}
			finally {
				if (this.gone) {
					LeasePermit.this.server.runtime().gone(LeasePermit.this.grant);
				}
				else if (!this.judged) {
					LeasePermit.this.server.runtime().unknown(LeasePermit.this.grant);
				}
			}
		}

	}

}
