package io.poolwise.governor;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.LimitReading;
import io.poolwise.pool.ServerProbe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Gives each pool of this process the size that its server's budget allots, and again
 * whenever an input changes. Safe for any thread: decisions are made one after the other,
 * under a lock that is not held while a server is asked or a line is logged.
 */
public class PoolGovernor implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PoolGovernor.class);

	private static final Duration SOON = Duration.ofMillis(100);

	private final FleetPolicy fleet;

	private final FleetLeases leases;

	private final ScheduledExecutorService executor;

	private final DecisionLog decisions;

	private final PoolSizer sizer;

	private final Members members = new Members();

	private final Map<String, PoolWarmUp.Outcome> warmUps = new ConcurrentHashMap<>();

	// servers whose pools wait for each other, and for whom somebody looks again
	private final Set<Object> undecided = ConcurrentHashMap.newKeySet();

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final ReentrantLock deciding = new ReentrantLock();

	private final LimitRefresh limits;

	private final ServerSessions serverSessions;

	/**
	 * Creates a governor.
	 * @param fleet what is known of the fleet
	 * @param leases what is shared live, in lease mode
	 * @param expected the pools that may yet come
	 * @param executor runs what may wait for a server; closed with the governor
	 * @param clock dates the decisions
	 */
	public PoolGovernor(FleetPolicy fleet, FleetLeases leases, ExpectedPools expected,
			ScheduledExecutorService executor, Clock clock) {
		this.fleet = fleet;
		this.leases = leases;
		this.executor = executor;
		this.decisions = new DecisionLog(clock);
		this.sizer = new PoolSizer(this.members, fleet, leases, expected, this.decisions, this::decideSoon);
		this.limits = new LimitRefresh(this.members, leases, executor, this::answered);
		this.serverSessions = new ServerSessions(this.members, executor);
		leases.listen(new FleetLeases.Listener() {

			@Override
			public void changed(Object server) {
				decide(server);
			}

			@Override
			public void membersChanged() {
				decideForMembers();
			}

			@Override
			public void ask(String pool) {
				PoolGovernor.this.limits.ask(pool);
			}

		});
	}

	/**
	 * Takes a pool in, asks its server, and tells it its size before it returns.
	 * @param pool the pool, not started
	 * @throws BudgetTooSmallException before {@link #settle()} in fixed mode, if the
	 * budget has less than one connection a pool for each instance
	 * @throws PoolTooLargeException before {@link #settle()} in fixed mode, if an
	 * explicit size is above the allotment and {@code on-exceed=fail}
	 * @throws PoolerLimitUnknownException before {@link #settle()}, if a pooler stands
	 * before the server, somebody set {@code pool.replicas}, and nobody the limit
	 * @throws LeasesImpossibleException if leases are a must and cannot be had there
	 */
	public void admit(GovernedPool pool) {
		LimitReading reading = pool.limits().read();
		boolean known = this.leases.read(pool, reading, ServerPlan.budget(pool.request().budget(), reading))
				&& !(reading instanceof LimitReading.Unavailable);
		decided(() -> {
			Member member = Member.of(pool, reading);
			this.members.put(member);
			try {
				this.sizer.refusePoolerWithoutLimit(member);
				this.sizer.decide(member.server());
			}
			catch (BudgetTooSmallException | PoolTooLargeException | PoolerLimitUnknownException ex) {
				this.members.remove(pool.name());
				throw ex;
			}
		});
		this.limits.watch(pool.name(), known);
		pool.limits().onDoubt(() -> this.limits.ask(pool.name()));
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Lets a pool go that was closed, and gives its part to the others once the
	 * application has started.
	 * @param name the pool's name
	 */
	public void dismiss(String name) {
		decided(() -> {
			Member member = this.members.remove(name);
			if (member != null) {
				this.sizer.redistribute(member.server());
			}
		});
		this.limits.forget(name);
		this.leases.dismiss(name);
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Names what to call after a pool has come or gone.
	 * @param action runs on the thread that brought the pool or took it, not under the
	 * governor's lock; may read the pools
	 */
	public void onPoolsChanged(Runnable action) {
		this.listeners.add(action);
	}

	/**
	 * Takes account of a pool that is not ours to size, and sizes the others around it.
	 * @param pool the pool, in the place of an earlier one of the same name
	 * @throws LeasesImpossibleException if leases are a must
	 */
	public void acknowledge(UngovernedPool pool) {
		logger.info("{}: not governed, since {}; it can open {} connections, which are taken from the allotment",
				pool.name(), pool.why(), (pool.connections() != null) ? pool.connections() : "any number of");
		this.leases.acknowledge(pool);
		decided(() -> this.sizer.acknowledge(pool));
	}

	/**
	 * The pools of this process that are not governed.
	 * @return one each, in the order in which they came
	 */
	public List<UngovernedPool> ungoverned() {
		return this.sizer.ungoverned();
	}

	/**
	 * Says that the pools of the application are all there: what was kept for those that
	 * did not come is given out, and from now on nothing stops the application.
	 * @throws BudgetTooSmallException as {@link #admit} does
	 * @throws PoolTooLargeException as {@link #admit} does
	 */
	public void settle() {
		decided(this.sizer::settle);
	}

	/**
	 * The pools, in the order in which they came.
	 * @return one report each
	 */
	public List<PoolReport> pools() {
		return this.members.all().stream().map(this::report).toList();
	}

	/**
	 * One pool.
	 * @param name its name
	 * @return its report, empty if there is none of that name
	 */
	public Optional<PoolReport> pool(String name) {
		return Optional.ofNullable(this.members.get(name)).map(this::report);
	}

	/**
	 * What a pool tells of itself.
	 * @param name the pool's name
	 * @return what it tells from now on, nothing if there is no pool of that name
	 */
	public PoolActivity activity(String name) {
		Member member = this.members.get(name);
		return new PoolActivity((member != null) ? member.pool().pool() : null);
	}

	/**
	 * How a pool was filled before the application was ready.
	 * @param name the pool's name
	 * @return the outcome, empty before that and where there is none
	 */
	public Optional<PoolWarmUp.Outcome> warmUp(String name) {
		return Optional.ofNullable(this.warmUps.get(name));
	}

	void warmedUp(String name, PoolWarmUp.Outcome outcome) {
		this.warmUps.put(name, outcome);
	}

	/**
	 * How often a pool was told another size.
	 * @param name the pool's name
	 * @return how often since the start, its first size not counted
	 */
	public long resizes(String name) {
		return this.decisions.changes(name);
	}

	/**
	 * How many clients the server of a pool has, as it said when it was last asked. The
	 * first call begins to ask, every 20 s, over connections that are idle then.
	 * @param name the pool's name
	 * @return connections of all clients, empty if that is not known
	 */
	public OptionalInt serverConnections(String name) {
		return this.serverSessions.of(name);
	}

	/**
	 * What is known of the fleet.
	 * @return mode and size; blind where leases are wanted and none can be had
	 */
	public FleetPolicy fleet() {
		boolean none = this.fleet.mode() == FleetMode.LEASES && this.leases.all().isEmpty();
		return none ? FleetPolicy.blind() : this.fleet;
	}

	/**
	 * What this instance may open by its leases.
	 * @return one share a server, empty outside of lease mode
	 */
	public List<LeaseShare> leases() {
		return this.leases.all();
	}

	/**
	 * What this instance may open on the server of a pool by its leases.
	 * @param name the pool's name
	 * @return its share, empty if there is no such pool, or nothing is shared live there
	 */
	public Optional<LeaseShare> lease(String name) {
		return Optional.ofNullable(this.members.get(name)).map((member) -> this.leases.on(member.server()));
	}

	/**
	 * Why a pool opens no connection though its server is there.
	 * @param name the pool's name
	 * @return that leases are a must and why they can't be had, one sentence without its
	 * full stop; empty if that isn't so
	 */
	public Optional<String> refusal(String name) {
		return Optional.ofNullable(this.leases.refusal(name));
	}

	/**
	 * The last decisions.
	 * @return oldest first
	 */
	public List<PoolDecision> decisions() {
		return this.decisions.entries();
	}

	/**
	 * Asks a pool's server whether it is there. Never waits for the pool.
	 * @param name the pool's name
	 * @param timeout how long the server may take
	 * @return the answer, empty if there is no pool of that name
	 */
	public Optional<ServerProbe> probe(String name, Duration timeout) {
		Member member = this.members.get(name);
		if (member == null) {
			return Optional.empty();
		}
		ServerProbe probe = this.leases.probe(member.server(), timeout);
		if (probe == null) {
			probe = member.pool().pool().probe(timeout);
		}
		LeaseShare share = this.leases.on(member.server());
		if (probe instanceof ServerProbe.NotAsked && share != null && this.leases.isOutOfReach(member.server())) {
			probe = new ServerProbe.Failed(share.reason());
		}
		Member current = this.members.get(name);
		if (current != null) {
			current.probed(probe);
		}
		return Optional.of(probe);
	}

	/**
	 * Asks no server anything by itself until {@link #resume()}, and leaves the fleets in
	 * which no pool has a connection. A pool that connects nevertheless joins again.
	 * Waits for the sessions that are closed.
	 */
	public void pause() {
		this.limits.pause();
		this.leases.pause();
	}

	/**
	 * Goes on after a {@link #pause()}, and joins the fleets again. Does nothing where
	 * there was none.
	 */
	public void resume() {
		this.leases.resume();
		this.limits.resume();
	}

	@Override
	public void close() {
		this.limits.close();
		this.serverSessions.close();
		this.executor.shutdownNow();
	}

	List<Member> members() {
		return this.members.all();
	}

	private void decideForMembers() {
		decided(this.sizer::decideForMembers);
	}

	private void decide(Object server) {
		decided(() -> this.sizer.decide(server));
	}

	private void decided(Runnable decision) {
		this.deciding.lock();
		try {
			decision.run();
		}
		finally {
			this.deciding.unlock();
			this.sizer.logNews();
		}
	}

	/**
	 * Decides again for a server whose pools could not all have their size at once; once,
	 * however often that is found out meanwhile.
	 */
	private void decideSoon(Object server) {
		if (this.undecided.add(server)) {
			CompletableFuture.delayedExecutor(SOON.toMillis(), TimeUnit.MILLISECONDS, this.executor).execute(() -> {
				this.undecided.remove(server);
				decide(server);
			});
		}
	}

	private PoolReport report(Member member) {
		return member.report(this.members.on(member.server()).size() == 1,
				() -> this.leases.isOutOfReach(member.server()) || this.leases.refusal(member.name()) != null);
	}

	/**
	 * Takes in what the servers of pools say when they are asked again.
	 */
	private void answered(Map<String, LimitReading> readings) {
		decided(() -> {
			Set<Object> servers = new LinkedHashSet<>();
			readings.forEach((name, reading) -> {
				Member member = this.members.get(name);
				if (member != null && !reading.equals(member.reading()) && member.isNews(reading)) {
					Level level = (reading instanceof LimitReading.Unavailable) ? Level.DEBUG : Level.INFO;
					this.sizer.tellNews(() -> logger.atLevel(level)
						.log("{}: the server's answer has changed: {}", name,
								new ReadingChange(member.reading(), reading).describe()));
					this.members.put(member.read(reading));
					servers.add(member.server());
					servers.add(member.read(reading).server());
				}
			});
			servers.forEach(this.sizer::decide);
		});
	}

}
