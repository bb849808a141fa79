package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.poolwise.budget.Budget;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.SteadyTask;
import io.poolwise.lease.FleetView;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LeaseState;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.Strangers;
import io.poolwise.lease.runtime.LeasePort;
import io.poolwise.lease.runtime.LeaseRuntime;
import io.poolwise.pool.ConnectionPermits.Permit;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance's membership in the fleet of one server, between the lease runtime and
 * the pools. Safe for any thread.
 */
final class LeasedServer implements LeasePort, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private static final long SAMPLE_MILLIS = 100;

	private final LeaseSettings settings;

	private final SlotLedger<Connection> ledger;

	private final LeaseRuntime runtime;

	private final ScheduledExecutorService executor;

	private final Consumer<ServerIdentity> changed;

	private final Runnable membersChanged;

	private final LeasedPools pools;

	private final LeasedSessions sessions = new LeasedSessions();

	private final ReserveWarning reserve;

	private final LeaseDemand demand;

	private final SharedSlots slots;

	private final FleetSize size = new FleetSize();

	private @Nullable Future<?> sampling;

	private volatile ServerIdentity identity;

	private volatile String reason = "joining";

	private volatile @Nullable FleetView fleet;

	LeasedServer(ServerIdentity identity, LeaseSettings settings, SlotLedger<Connection> ledger, SharedSlots slots,
			ScheduledExecutorService executor, Consumer<ServerIdentity> changed, Runnable membersChanged) {
		this.identity = identity;
		this.settings = settings;
		this.ledger = ledger;
		this.executor = executor;
		this.changed = changed;
		this.membersChanged = membersChanged;
		this.slots = slots;
		this.runtime = new LeaseRuntime(settings, ledger, this, executor, this.slots.slots(), System::nanoTime);
		this.slots.listen(this.runtime::slots);
		this.pools = new LeasedPools(this.runtime::minimum);
		this.demand = new LeaseDemand(this.pools.all(), this.runtime::demand, System.nanoTime());
		this.reserve = new ReserveWarning(settings);
	}

	void start() {
		this.sampling = this.executor.scheduleWithFixedDelay(
				new SteadyTask("Leases: what the pools could use is not known now", this::sample), SAMPLE_MILLIS,
				SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
		this.runtime.start();
	}

	private void sample() {
		long now = System.nanoTime();
		this.demand.sample(now);
		if (this.size.pass(now)) {
			this.membersChanged.run();
		}
	}

	void budget(Budget budget) {
		this.slots.budget(budget);
	}

	void ungoverned(int connections) {
		this.slots.ungoverned(connections);
	}

	@Override
	public void strangers(Strangers strangers) {
		this.slots.strangers(strangers);
	}

	@Override
	public boolean hasNarrowLimits() {
		return this.slots.hasNarrowLimits();
	}

	/**
	 * The pools are connected to another server now, and so is the coordinator.
	 */
	void movedTo(ServerIdentity identity) {
		this.identity = identity;
	}

	/**
	 * Whether the application has the traffic that it wants its pools to be filled for.
	 */
	void serve(boolean serving) {
		this.pools.serve(serving);
	}

	LeasedPools pools() {
		return this.pools;
	}

	/**
	 * Whether there is neither a connection nor one under way.
	 */
	boolean isUnused() {
		LeaseState state = this.runtime.state();
		return state.running() == 0 && state.outstanding() == 0;
	}

	/**
	 * Instances to reckon with.
	 * @return how many, 0 before any was seen
	 */
	int members() {
		return this.size.members();
	}

	LeaseShare share() {
		LeaseState state = this.runtime.state();
		boolean degraded = !state.gateOpen();
		return new LeaseShare(state.allowed(), degraded, state.complete(),
				degraded ? this.runtime.whyNot() : this.reason, this.settings.seats(), this.fleet);
	}

	/**
	 * Whether the server did not let the coordinator in when that last tried.
	 */
	boolean isOutOfReach() {
		return this.runtime.openFailed();
	}

	/**
	 * Asks the server over the coordinator session.
	 * @return the answer, {@code null} if there is no such session at present
	 */
	@Nullable ServerProbe probe(Duration timeout) {
		long asked = System.nanoTime();
		try {
			return this.runtime.ask(timeout) ? new ServerProbe.Answered(Duration.ofNanos(System.nanoTime() - asked))
					: null;
		}
		catch (TimeoutException ex) {
			return new ServerProbe.Failed("no answer within " + timeout.toMillis() + " ms");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new ServerProbe.Failed("interrupted");
		}
	}

	/**
	 * Waits for leave to open one connection.
	 */
	Permit acquire(Duration patience) throws SQLException {
		try {
			Grant grant = this.runtime.awaitGrant(patience);
			if (grant == null) {
				throw new SQLTransientConnectionException(
						"No lease for a connection within " + patience.toMillis() + " ms: " + this.runtime.whyNot());
			}
			return new LeasePermit(this, grant);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("Interrupted while waiting for a lease", ex);
		}
	}

	LeaseRuntime runtime() {
		return this.runtime;
	}

	SlotLedger<Connection> ledger() {
		return this.ledger;
	}

	LeasedSessions sessions() {
		return this.sessions;
	}

	@Override
	public void allow(int sessions, boolean open, String reason) {
		this.reason = reason;
		this.changed.accept(this.identity);
	}

	@Override
	public void retire(SessionId session) {
		logger.debug("Leases: session {} is closed when it comes back, since it lost its slot", session.pid());
		this.sessions.retire(session);
	}

	@Override
	public void cut(SessionId session) {
		this.sessions.cut(session);
	}

	@Override
	public void report(FleetView fleet) {
		this.fleet = fleet;
		int members = fleet.members().size();
		if (this.size.see(members, System.nanoTime())) {
			this.membersChanged.run();
		}
		this.reserve.check(members, this.slots.budget().reserveConnections());
	}

	@Override
	public void close() {
		Future<?> sampling = this.sampling;
		if (sampling != null) {
			sampling.cancel(false);
		}
		this.runtime.close();
	}

}
