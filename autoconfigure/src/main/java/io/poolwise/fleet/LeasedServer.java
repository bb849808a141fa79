package io.poolwise.fleet;

import java.sql.Connection;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
import io.poolwise.pool.NoLeaveException;
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

	/** What an objection begins with where a right is missing. */
	static final String FORBIDDEN = "the role may not use what leases need: ";

	private static final long SAMPLE_MILLIS = 100;

	private static final Duration ELSEWHERE_PATIENCE = Duration.ofSeconds(3);

	private static final Duration LIMITS_GAP = Duration.ofSeconds(10);

	/** A reading of a limit each in a large fleet. */
	private static final long READING_MILLIS = 40;

	private final LeaseSettings settings;

	private final SlotLedger<Connection> ledger;

	private final LeaseRuntime runtime;

	private final ScheduledExecutorService executor;

	private final Events events;

	private final LeasedPools pools;

	private final LeasedSessions sessions = new LeasedSessions();

	private final ReserveWarning reserve;

	private final LeaseDemand demand;

	private final SharedSlots slots;

	private final FleetSize size = new FleetSize();

	private @Nullable Future<?> sampling;

	private long limitsAskedAt = System.nanoTime() - LIMITS_GAP.toNanos();

	private volatile ServerIdentity identity;

	private volatile String origin = "";

	private volatile String reason = "joining";

	private volatile @Nullable FleetView fleet;

	LeasedServer(ServerIdentity identity, LeaseSettings settings, SlotLedger<Connection> ledger, SharedSlots slots,
			ScheduledExecutorService executor, Events events) {
		this.identity = identity;
		this.settings = settings;
		this.ledger = ledger;
		this.executor = executor;
		this.events = events;
		this.slots = slots;
		this.runtime = new LeaseRuntime(settings, ledger, this, executor, this.slots.slots(), System::nanoTime);
		this.slots.listen(this.runtime::slots);
		this.pools = new LeasedPools(this.runtime::minimum);
		this.demand = new LeaseDemand(this.pools, this.runtime::demand, () -> this.events.changed(this.identity),
				System.nanoTime());
		this.reserve = new ReserveWarning(settings);
	}

	/**
	 * Starts to join.
	 * @param origin the pool as which the coordinator connects
	 */
	void start(String origin) {
		this.origin = origin;
		this.sampling = this.executor.scheduleWithFixedDelay(
				new SteadyTask("Leases: what the pools could use is not known now", this::sample), SAMPLE_MILLIS,
				SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
		this.runtime.start();
	}

	private void sample() {
		long now = System.nanoTime();
		this.demand.sample(now);
		if (this.size.pass(now)) {
			this.events.membersChanged();
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

	/**
	 * Reads the limits again, seldom and not at the same time as the others: each reading
	 * may take a connection for a moment.
	 */
	@Override
	public void limitsMayHaveChanged() {
		long now = System.nanoTime();
		if (now - this.limitsAskedAt >= LIMITS_GAP.toNanos()) {
			this.limitsAskedAt = now;
			long spread = Math.max(1_000, members() * READING_MILLIS);
			Future<?> unused = this.executor.schedule(() -> this.pools.names().forEach(this.events::limitInDoubt),
					ThreadLocalRandom.current().nextLong(spread), TimeUnit.MILLISECONDS);
		}
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

	/**
	 * The pool as which the coordinator connects.
	 */
	String origin() {
		return this.origin;
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
				degraded ? this.runtime.whyNot() : this.reason, this.settings.seats(),
				this.demand.uses(state.allowed()), this.fleet);
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
			if (this.runtime.ask(timeout).isPresent()) {
				return new ServerProbe.Answered(Duration.ofNanos(System.nanoTime() - asked));
			}
			return null;
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
	 * @param permits those of the pool that opens it
	 * @return the leave, {@code null} if there was none in time
	 */
	@Nullable Permit acquire(PoolPermits permits, Duration patience) throws NoLeaveException {
		try {
			Grant grant = this.runtime.awaitGrant(patience);
			return (grant != null) ? permit(permits, grant) : null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw NoLeaveException.atPresent("Interrupted while waiting for a lease", ex);
		}
	}

	private Permit permit(PoolPermits permits, Grant grant) {
		try {
			return new LeasePermit(this, permits, grant);
		}
		catch (Error ex) {
			this.runtime.failed(grant);
			throw ex;
		}
	}

	/**
	 * Waits until connections may be made.
	 * @return whether they may, after the wait
	 */
	boolean awaitOpen(Duration patience) throws NoLeaveException {
		try {
			return this.runtime.awaitOpen(patience);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw NoLeaveException.atPresent("Interrupted while waiting for a lease", ex);
		}
	}

	String whyNot() {
		return this.runtime.whyNot();
	}

	/**
	 * Whether a new session is on another server than the coordinator, which is alive: a
	 * server that has gone has taken its coordinator along, one that has changed its role
	 * says so to both.
	 */
	boolean reachesElsewhere(SessionId session, Grant grant) {
		if (session.server() == grant.coordinator().server()) {
			return false;
		}
		try {
			OptionalLong here = this.runtime.ask(ELSEWHERE_PATIENCE);
			return here.isPresent() && here.getAsLong() != session.server();
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * A pool can't lease on this server, as one of its sessions has shown.
	 */
	void withdraw(PoolPermits permits, String objection) {
		this.events.impossible(this, permits.pool(), objection);
	}

	@Override
	public void forbidden(String why) {
		this.events.impossible(this, null, FORBIDDEN + why);
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
		this.events.changed(this.identity);
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
			this.events.membersChanged();
		}
		this.reserve.check(members, this.slots.budget().reserveConnections());
	}

	/**
	 * Hears of what happens to a membership.
	 */
	interface Events {

		/**
		 * This instance may open another number of connections.
		 */
		void changed(ServerIdentity server);

		/**
		 * The fleet may have another number of instances.
		 */
		void membersChanged();

		/**
		 * The limits that the server grants a pool may have changed.
		 */
		void limitInDoubt(String pool);

		/**
		 * A pool can't lease there any more; all of them, if none is named.
		 */
		void impossible(LeasedServer server, @Nullable String pool, String objection);

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
