package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

import io.poolwise.lease.Grant;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger.Fenced;
import io.poolwise.pool.ConnectionPermits.Permit;
import io.poolwise.pool.ConnectionPermits.Retirement;
import org.jspecify.annotations.Nullable;

/**
 * Leave to make one connection, paid with a slot.
 */
final class LeasePermit implements Permit {

	private final LeasedServer server;

	private final Grant grant;

	private final long granted = System.nanoTime();

	private volatile @Nullable SessionId session;

	LeasePermit(LeasedServer server, Grant grant) {
		this.server = server;
		this.grant = grant;
	}

	@Override
	public void unused() {
		this.server.runtime().failed(this.grant);
	}

	@Override
	public void failed(Throwable failure) {
		if (this.server.ledger().leftNoSession(failure, Duration.ofNanos(System.nanoTime() - this.granted))) {
			this.server.runtime().failed(this.grant);
		}
		else {
			this.server.runtime().unknown(this.grant);
		}
	}

	@Override
	public void settle(Connection connection, Retirement retirement) throws SQLException {
		Fenced fenced = fence(connection);
		// known before the fleet may ask for its end
		this.server.sessions().settled(fenced.session(), retirement);
		if (this.server.runtime().fenced(this.grant, fenced)) {
			this.session = fenced.session();
			return;
		}
		this.server.sessions().closed(fenced.session());
		if (this.server.ledger().end(connection)) {
			this.server.runtime().gone(this.grant);
		}
		throw new SQLTransientConnectionException("The lease for the connection was lost while it was made");
	}

	private Fenced fence(Connection connection) throws SQLException {
		try {
			return this.server.ledger().fence(connection, this.grant);
		}
		catch (LedgerException | RuntimeException ex) {
			boolean gone = this.server.ledger().end(connection);
			if (gone || (ex instanceof LedgerException ledger && ledger.sessionGone())) {
				this.server.runtime().gone(this.grant);
			}
			else {
				this.server.runtime().unknown(this.grant);
			}
			throw new SQLTransientConnectionException("The new connection could not take its slot", ex);
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

}
