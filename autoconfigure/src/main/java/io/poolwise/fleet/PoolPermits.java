package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.poolwise.fleet.Admission.Free;
import io.poolwise.fleet.Admission.Leased;
import io.poolwise.fleet.Admission.Refused;
import io.poolwise.fleet.Admission.Undecided;
import io.poolwise.lease.JdbcSlotLedger;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.NoLeaveException;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one pool, and the state of its admission. Connects wait until it is
 * known whether the pool leases; who finds that out, and when it is tried again, is for
 * the governor alone. Safe for any thread; no lock is held while a server is asked.
 */
public final class PoolPermits implements ConnectionPermits {

	/** How soon somebody who waits for a slot sees that none is needed any more. */
	private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final String pool;

	private final Runnable ask;

	private final LeaseAdmission leases;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private volatile Admission admission = new Undecided("the server has not answered yet", 0);

	private volatile LeaseOptions.@Nullable Connector connector;

	private volatile @Nullable String objection;

	private volatile @Nullable Examined examined;

	private @Nullable Parked parked;

	PoolPermits(String pool, Runnable ask, LeaseAdmission leases) {
		this.pool = pool;
		this.ask = ask;
		this.leases = leases;
	}

	/**
	 * Names what opens connections as the pool does.
	 * @param connector opens one beside the pool
	 */
	public void connectThrough(LeaseOptions.Connector connector) {
		this.connector = connector;
	}

	/**
	 * Keeps the pool from leasing, whatever its server says.
	 * @param reason why, one sentence without its full stop; {@code null} for no reason
	 */
	public void object(@Nullable String reason) {
		if (reason != null) {
			this.objection = reason;
			this.leases.deny(this, reason);
		}
	}

	/**
	 * What no answer of the server changes.
	 * @return the objection, {@code null} if there is none
	 */
	@Nullable String objection() {
		return this.objection;
	}

	String pool() {
		return this.pool;
	}

	Admission admission() {
		return this.admission;
	}

	boolean isOn(LeasedServer server) {
		return this.admission instanceof Leased leased && leased.server() == server;
	}

	boolean isFree() {
		return this.admission instanceof Free;
	}

	/**
	 * What a session of the pool has found out about the server's locks.
	 * @return the verdict, {@code null} if there was no such session
	 */
	@Nullable Examined examined() {
		return this.examined;
	}

	/**
	 * Enters another state, unless the pool goes without already.
	 * @return the state before
	 */
	Admission enter(Admission next) {
		Admission before;
		this.lock.lock();
		try {
			before = this.admission;
			if (!(before instanceof Free)) {
				this.admission = next;
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (next instanceof Free || next instanceof Refused) {
			dropParked();
		}
		return before;
	}

	/**
	 * Opens a session for a coordinator: the one that was opened to ask the server, if it
	 * is still there.
	 */
	Connection openCoordinator() throws SQLException {
		Parked parked = takeParked();
		return (parked != null) ? parked.session() : this.leases.coordinate(this::connect);
	}

	private Connection connect() throws SQLException {
		LeaseOptions.Connector connector = this.connector;
		if (connector == null) {
			throw new SQLTransientConnectionException("The pool " + this.pool + " is not there yet");
		}
		return connector.connect();
	}

	/**
	 * Keeps a session for the coordinator to come.
	 */
	void park(Connection session, JdbcSlotLedger ledger) {
		dropParked();
		this.lock.lock();
		try {
			this.parked = new Parked(session, ledger);
		}
		finally {
			this.lock.unlock();
		}
		if (isFree()) {
			dropParked();
		}
	}

	private @Nullable Parked takeParked() {
		this.lock.lock();
		try {
			Parked parked = this.parked;
			this.parked = null;
			return parked;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Ends the session that waits for a coordinator, if there is one. */
	void dropParked() {
		Parked parked = takeParked();
		if (parked != null) {
			parked.ledger().end(parked.session());
		}
	}

	/**
	 * Examines the session, which becomes the coordinator's. One that can't is closed and
	 * seen gone, so that the next one may be opened.
	 */
	@Override
	public boolean takeOver(Connection session) {
		if (isFree()) {
			return false;
		}
		try {
			JdbcSlotLedger ledger = this.leases.ledger(session, this::openCoordinator);
			if (ledger == null) {
				return false;
			}
			LedgerFitness fitness = ledger.examine(session);
			this.examined = new Examined(ledger, fitness);
			if (fitness.objection() == null && this.leases.coordinatesLikePools()) {
				park(session, ledger);
			}
			else {
				ledger.end(session);
			}
			return true;
		}
		catch (SQLException ex) {
			// it broke: the next one that is opened tells
			this.examined = null;
			return false;
		}
	}

	boolean isUndecided() {
		return this.admission instanceof Undecided;
	}

	/**
	 * Forgets what was decided: the next connect asks again.
	 */
	void reconsider(String reason) {
		enter(new Undecided(reason, 0));
	}

	@Override
	public boolean allowSessionBeside() {
		return !(this.admission instanceof Leased);
	}

	/**
	 * Doesn't wait for a server that is down: a pool that hasn't started fails at once
	 * then.
	 */
	@Override
	public void await(Duration patience) throws NoLeaveException {
		long end = System.nanoTime() + patience.toNanos();
		while (decided(end, true) instanceof Leased leased && !leased.server().awaitOpen(slice(end))) {
			refuseAfter(end, leased.server());
		}
	}

	@Override
	public Permit acquire(Duration patience) throws SQLException {
		long end = System.nanoTime() + patience.toNanos();
		while (decided(end, false) instanceof Leased leased) {
			Permit permit = leased.server().acquire(this, slice(end));
			if (permit != null) {
				return permit;
			}
			refuseAfter(end, leased.server());
		}
		return Permit.FREE;
	}

	private static Duration slice(long end) {
		return Duration.ofNanos(Math.max(0, Math.min(SLICE_NANOS, end - System.nanoTime())));
	}

	private void refuseAfter(long end, LeasedServer server) throws NoLeaveException {
		if (System.nanoTime() - end >= 0 && isOn(server)) {
			throw NoLeaveException.atPresent("No lease for a connection: " + server.whyNot(), null);
		}
	}

	/**
	 * Waits until it is known whether the pool leases.
	 * @param end when to give up
	 * @param untilDown whether to give up when the server turns out to be down
	 * @return {@link Leased} or {@link Free}
	 */
	private Admission decided(long end, boolean untilDown) throws NoLeaveException {
		Admission now = this.admission;
		if (now instanceof Undecided undecided) {
			this.ask.run();
			now = await(end, untilDown ? undecided.down() : Integer.MAX_VALUE);
		}
		if (now instanceof Refused refused) {
			throw NoLeaveException.refused("pool.leases.mode is on, but " + refused.reason());
		}
		if (now instanceof Undecided undecided) {
			throw NoLeaveException.atPresent("It is not known yet whether there are leases: " + undecided.reason(),
					null);
		}
		return now;
	}

	private Admission await(long end, int down) throws NoLeaveException {
		this.lock.lock();
		try {
			long left = end - System.nanoTime();
			while (this.admission instanceof Undecided now && now.down() <= down && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			return this.admission;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw NoLeaveException.atPresent("Interrupted while waiting for leave to connect", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A session that waits for a coordinator.
	 */
	private record Parked(Connection session, JdbcSlotLedger ledger) {
	}

}
