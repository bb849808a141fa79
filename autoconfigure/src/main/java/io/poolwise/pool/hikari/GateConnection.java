package io.poolwise.pool.hikari;

import java.lang.invoke.VarHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import io.poolwise.pool.ConnectionPermits;
import org.jspecify.annotations.Nullable;

/**
 * One physical connection. Knows, without a lock and without a clock, whether it is
 * borrowed and how often it came back; tells its gate when it is really closed.
 * <p>
 * HikariCP has no call that retires one connection softly. But evicting a connection
 * through a handle that was <em>closed</em> does just that: free, it goes at once; in
 * use, it goes when it comes back. So the first handle of each physical connection is
 * kept.
 */
final class GateConnection extends CountingConnection implements ConnectionPermits.Retirement {

	private final ConnectionGate gate;

	private final ConnectionPermits.Permit permit;

	private final long mostStatements;

	private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.STAYING);

	private @Nullable Connection handle;

	private boolean borrowed;

	private boolean invalid;

	private long returns;

	private boolean unasked;

	private @Nullable Thread borrower;

	private @Nullable BorrowSite site;

	// both of the last look
	private long seenUse = -1;

	private long seenSince;

	/**
	 * Takes a new session.
	 * @param delegate the session
	 * @param gate the gate that it came through
	 * @param permit the leave to have it
	 * @param mostStatements statements after which it is recycled at its next return
	 */
	GateConnection(Connection delegate, ConnectionGate gate, ConnectionPermits.Permit permit, long mostStatements) {
		super(delegate);
		this.mostStatements = mostStatements;
		this.gate = gate;
		this.permit = permit;
	}

	ConnectionPermits.Permit permit() {
		return this.permit;
	}

	@Override
	public void retire() {
		this.gate.retire(this);
	}

	@Override
	public void cut() {
		try {
			abort(Runnable::run);
		}
		catch (SQLException ex) {
			// it is broken already, and counts as closed
		}
	}

	/**
	 * Called by the borrower, before it uses the connection.
	 * @param handle what the pool handed out
	 */
	void borrowedAs(Connection handle) {
		if (this.handle == null) {
			this.handle = handle;
		}
		if (this.gate.watch().recordsBorrowers()) {
			this.borrower = Thread.currentThread();
			int every = this.gate.watch().recordsSites();
			if (every > 0 && this.returns % every == 0) {
				this.site = BorrowSite.here();
			}
		}
		this.borrowed = true;
	}

	/**
	 * The pool's last call on a connection that comes back.
	 */
	@Override
	public void clearWarnings() throws SQLException {
		super.clearWarnings();
		this.borrowed = false;
		this.borrower = null;
		this.site = null;
		this.returns++;
		if (statements() >= this.mostStatements) {
			this.gate.wornOut(this);
		}
		if (this.gate.watch().watchesReturns()) {
			this.gate.returned(this);
		}
	}

	String driverClass() {
		return delegate().getClass().getName();
	}

	@Nullable Thread borrower() {
		return this.borrower;
	}

	@Nullable BorrowSite site() {
		return this.site;
	}

	/**
	 * Looks whether the use of the last look still goes on; guarded by whoever looks.
	 * @param now the present time in nanoseconds
	 * @return how long the present use has been seen to last, in nanoseconds
	 */
	long look(long now) {
		long use = this.borrowed ? this.returns : -1;
		if (use != this.seenUse) {
			this.seenUse = use;
			this.seenSince = now;
		}
		return (use >= 0) ? now - this.seenSince : 0;
	}

	boolean isBorrowed() {
		return this.borrowed;
	}

	boolean wasNeverBorrowed() {
		return this.handle == null;
	}

	long returns() {
		return this.returns;
	}

	/**
	 * Begins the way out.
	 * @return whether this call did; not if another one did, or the connection is closed
	 */
	boolean beginRetiring() {
		return this.stage.compareAndSet(Stage.STAYING, Stage.RETIRING);
	}

	/**
	 * Returns whether the connection is on its way out, and not closed yet.
	 */
	boolean isRetiring() {
		return this.stage.get() == Stage.RETIRING;
	}

	/**
	 * Returns whether the connection is closed, and was on its way out then.
	 */
	boolean wasRetiring() {
		return this.stage.get() == Stage.RETIRED;
	}

	/**
	 * Returns whether the connection is closed, or about to be counted off.
	 */
	boolean isGone() {
		Stage stage = this.stage.get();
		return stage == Stage.CLOSED || stage == Stage.RETIRED;
	}

	/**
	 * The connection never reached the pool, and is closed.
	 * @return whether it has to be counted off; not if it is already
	 */
	boolean discard() {
		Stage before = this.stage.getAndUpdate(Stage::closed);
		return before == Stage.STAYING || before == Stage.RETIRING;
	}

	/**
	 * The kept handle, if evicting through it is soft.
	 * @return the handle, {@code null} while its own use lasts
	 */
	@Nullable Connection closedHandle() {
		Connection kept = this.handle;
		try {
			if (kept == null || !kept.isClosed()) {
				return null;
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("HikariCP's handles answer isClosed() without a server", ex);
		}
		// whoever reads the handle's state after this must see it closed, too
		VarHandle.acquireFence();
		return kept;
	}

	@Override
	public boolean isValid(int timeout) throws SQLException {
		if (this.gate.watch().takesUnasked()) {
			this.unasked = true;
			return true;
		}
		boolean valid = super.isValid(timeout);
		this.unasked = false;
		this.invalid |= !valid;
		return valid;
	}

	/**
	 * Returns whether the pool takes the connection for alive without having asked.
	 */
	boolean isUnasked() {
		return this.unasked;
	}

	@Override
	public void close() throws SQLException {
		boolean broken = this.invalid || isClosed();
		try {
			super.close();
		}
		finally {
			gone(broken);
		}
	}

	@Override
	public void abort(Executor executor) throws SQLException {
		try {
			super.abort(executor);
		}
		finally {
			gone(false);
		}
	}

	/**
	 * Called once the connection is closed.
	 * @param broken whether it had failed before the pool gave it up
	 */
	private void gone(boolean broken) {
		if (discard()) {
			this.gate.closed(this, broken);
		}
	}

	/**
	 * The way of a connection.
	 */
	private enum Stage {

		STAYING, RETIRING, CLOSED, RETIRED;

		private Stage closed() {
			return switch (this) {
				case STAYING -> CLOSED;
				case RETIRING -> RETIRED;
				case CLOSED, RETIRED -> this;
			};
		}

	}

}
