package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.poolwise.budget.Budget;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.LeaseShare;
import io.poolwise.lease.FleetView;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LeaseState;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.runtime.LeasePort;
import io.poolwise.lease.runtime.LeaseRuntime;
import io.poolwise.pool.ServerProbe;
import io.poolwise.pool.hikari.ConnectionPermits.Permit;
import io.poolwise.pool.hikari.ConnectionPermits.Retirement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * This instance's membership in the fleet of one server, between the lease runtime and
 * the pools. Safe for any thread.
 */
final class LeasedServer implements LeasePort, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private static final long SAMPLE_MILLIS = 100;

	/**
	 * Connections that an instance is sure of while it starts or stops: Flyway uses up to
	 * three at once. What it should have when idle it needs while requests come.
	 */
	private static final int NOT_SERVING = 3;

	private final LeaseSettings settings;

	private final SlotLedger<Connection> ledger;

	private final LeaseRuntime runtime;

	private final ScheduledExecutorService executor;

	private final Consumer<ServerIdentity> changed;

	private final Runnable membersChanged;

	private final Map<String, GovernedPool> pools = new ConcurrentHashMap<>();

	private final Map<SessionId, Retirement> sessions = new ConcurrentHashMap<>();

	private final LeaseDemand demand;

	private final SharedSlots slots;

	private final FleetSize size = new FleetSize();

	private @Nullable Future<?> sampling;

	private volatile ServerIdentity identity;

	private volatile String reason = "joining";

	private volatile @Nullable FleetView fleet;

	private int warnedMembers;

	private volatile boolean serving;

	// of the look before; one comes after the other
	private boolean blind;

	LeasedServer(ServerIdentity identity, LeaseSettings settings, SlotLedger<Connection> ledger, Budget budget,
			ScheduledExecutorService executor, Consumer<ServerIdentity> changed, Runnable membersChanged) {
		this.identity = identity;
		this.settings = settings;
		this.ledger = ledger;
		this.executor = executor;
		this.changed = changed;
		this.membersChanged = membersChanged;
		this.slots = new SharedSlots(settings, budget);
		this.runtime = new LeaseRuntime(settings, ledger, this, executor, this.slots.slots(), System::nanoTime);
		this.slots.listen(this.runtime::slots);
		this.demand = new LeaseDemand(this.pools.values(), this.runtime::demand, System.nanoTime());
	}

	void start() {
		this.sampling = this.executor.scheduleWithFixedDelay(this::sample, SAMPLE_MILLIS, SAMPLE_MILLIS,
				TimeUnit.MILLISECONDS);
		this.runtime.start();
	}

	private void sample() {
		try {
			long now = System.nanoTime();
			this.demand.sample(now);
			if (this.size.pass(now)) {
				this.membersChanged.run();
			}
			this.blind = false;
		}
		catch (RuntimeException ex) {
			// thrown, it would end all looks to come
			logger.atLevel(this.blind ? Level.DEBUG : Level.WARN)
				.setCause(ex)
				.log("Leases: what the pools could use is not known now");
			this.blind = true;
		}
	}

	void budget(Budget budget) {
		this.slots.budget(budget);
	}

	void ungoverned(int connections) {
		this.slots.ungoverned(connections);
	}

	@Override
	public void strangers(int sessions) {
		this.slots.strangers(sessions);
	}

	/**
	 * The pools are connected to another server now, and so is the coordinator.
	 */
	void movedTo(ServerIdentity identity) {
		this.identity = identity;
	}

	boolean has(String pool) {
		return this.pools.containsKey(pool);
	}

	void add(GovernedPool pool) {
		this.pools.put(pool.pool().name(), pool);
		keepMinimum();
	}

	/**
	 * Whether the application has the traffic that it wants its pools to be filled for.
	 */
	void serve(boolean serving) {
		this.serving = serving;
		keepMinimum();
	}

	/**
	 * Who tells last looks again, so that what stays told is what is.
	 */
	private void keepMinimum() {
		int told;
		do {
			told = minimum();
			this.runtime.minimum(told);
		}
		while (told != minimum());
	}

	private int minimum() {
		int wanted = this.pools.values().stream().mapToInt((pool) -> pool.request().demand().minSize()).sum();
		return this.serving ? wanted : Math.min(wanted, NOT_SERVING);
	}

	/**
	 * Forgets a pool.
	 * @return whether it was the last one
	 */
	boolean remove(String pool) {
		boolean last = this.pools.remove(pool) != null && this.pools.isEmpty();
		keepMinimum();
		return last;
	}

	Set<String> poolNames() {
		return Set.copyOf(this.pools.keySet());
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

	void settled(SessionId session, Retirement retirement) {
		this.sessions.put(session, retirement);
	}

	void closed(SessionId session) {
		this.sessions.remove(session);
	}

	@Override
	public void allow(int sessions, boolean open, String reason) {
		this.reason = reason;
		this.changed.accept(this.identity);
	}

	@Override
	public void retire(SessionId session) {
		logger.debug("Leases: session {} is closed when it comes back, since it lost its slot", session.pid());
		Retirement retirement = this.sessions.get(session);
		if (retirement != null) {
			retirement.retire();
		}
	}

	@Override
	public void cut(SessionId session) {
		Retirement retirement = this.sessions.get(session);
		if (retirement != null) {
			retirement.cut();
		}
	}

	@Override
	public void report(FleetView fleet) {
		this.fleet = fleet;
		int members = fleet.members().size();
		if (this.size.see(members, System.nanoTime())) {
			this.membersChanged.run();
		}
		warnOfASmallReserve(members);
	}

	private void warnOfASmallReserve(int members) {
		int reserve = this.slots.budget().reserveConnections();
		if (members > this.warnedMembers) {
			this.settings.reserveNeeded(members, reserve).ifPresent((needed) -> {
				this.warnedMembers = members;
				logger.warn(
						"Leases: {} instances that connect at once may take {} connections of the reserve for a "
								+ "moment, and it has {}. Raise pool.database.budget.reserve.",
						members, needed, reserve);
			});
		}
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
