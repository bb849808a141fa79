package io.poolwise.governor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import io.poolwise.budget.Allotment;
import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.PoolDemand;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Plans the sizes of the pools on a server and tells them. Used under the governor's
 * lock.
 */
final class PoolSizer {

	private static final Logger logger = LoggerFactory.getLogger(PoolGovernor.class);

	private final Members members;

	private final FleetPolicy fleet;

	private final FleetLeases leases;

	private final ExpectedPools expected;

	private final DecisionLog decisions;

	private final Consumer<Object> unfinished;

	private final Map<String, UngovernedPool> ungoverned = Collections.synchronizedMap(new LinkedHashMap<>());

	// what is to be logged when the lock is free
	private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();

	// all pools are there, so none is expected
	private boolean complete;

	// the application has started, so nothing stops it
	private boolean settled;

	private boolean warnedBlind;

	PoolSizer(Members members, FleetPolicy fleet, FleetLeases leases, ExpectedPools expected, DecisionLog decisions,
			Consumer<Object> unfinished) {
		this.members = members;
		this.unfinished = unfinished;
		this.fleet = fleet;
		this.leases = leases;
		this.expected = expected;
		this.decisions = decisions;
	}

	void tellNews(Runnable line) {
		this.news.add(line);
	}

	/**
	 * Logs what was decided; to be called without the lock.
	 */
	void logNews() {
		for (Runnable line = this.news.poll(); line != null; line = this.news.poll()) {
			line.run();
		}
	}

	/**
	 * Decides with all pools there, for the last time by the rules of a start.
	 */
	void settle() {
		this.complete = true;
		try {
			decideAll();
		}
		finally {
			this.settled = true;
		}
	}

	/**
	 * Gives the part of a pool that has gone to the others. A start that fails takes its
	 * pools away one by one: nothing is to give then.
	 */
	void redistribute(Object server) {
		if (this.settled) {
			decide(server);
		}
	}

	void acknowledge(UngovernedPool pool) {
		this.ungoverned.put(pool.name(), pool);
		decideAll();
	}

	List<UngovernedPool> ungoverned() {
		synchronized (this.ungoverned) {
			return List.copyOf(this.ungoverned.values());
		}
	}

	/**
	 * Decides again for the pools whose part follows from the number of instances.
	 */
	void decideForMembers() {
		this.members.all()
			.stream()
			.filter((member) -> follows(member) && this.leases.on(member.server()) == null)
			.map(Member::server)
			.distinct()
			.toList()
			.forEach(this::decide);
	}

	/**
	 * A database has leases of its own, or is not known to be shared by the same fleet.
	 */
	private static boolean follows(Member member) {
		return member.pool().pool().kind() != PoolKind.DATABASE;
	}

	private void decideAll() {
		this.members.all().stream().map(Member::server).distinct().toList().forEach(this::decide);
	}

	void refusePoolerWithoutLimit(Member member) {
		BudgetPolicy budget = member.pool().request().budget();
		if (member.reading() instanceof LimitReading.Pooled pooled && budget.limit() == null
				&& this.fleet.toldByOperator() && !this.settled) {
			throw new PoolerLimitUnknownException(member.name(), pooled.evidence(), budget.limitKey());
		}
	}

	/**
	 * Decides the sizes of all pools on one server. First the shrinking ones are told,
	 * then the growing ones, and these get no more than the others have really given
	 * back: the rest follows. Pools that lease are told all at once, since a slot that
	 * another pool still uses is nothing that they could connect with.
	 */
	void decide(Object server) {
		List<Member> members = this.members.on(server);
		if (members.isEmpty()) {
			return;
		}
		List<Member> planned = new ArrayList<>(plan(members));
		planned.sort((left, right) -> Integer.compare(growth(left), growth(right)));
		boolean leased = this.leases.on(server) != null;
		boolean complete = true;
		for (Member member : planned) {
			this.members.put(member);
			complete &= tell(member, leased ? Integer.MAX_VALUE : room(member, planned));
		}
		if (!complete) {
			this.unfinished.accept(server);
		}
	}

	private static int growth(Member member) {
		return member.size().ceiling() - member.pool().pool().target().ceiling();
	}

	private List<Member> plan(List<Member> members) {
		try {
			List<Member> planned = planned(members, List.of());
			planned.forEach(this::refuseTooLarge);
			PoolKind kind = members.get(0).pool().pool().kind();
			List<PoolDemand> others = this.complete ? List.of() : this.expected.besides(kind, this.members.names());
			return others.isEmpty() ? planned : leavingRoom(members, others);
		}
		catch (BudgetTooSmallException ex) {
			if (!this.settled && this.fleet.mode() == FleetMode.FIXED) {
				throw ex.configuredBy(members.get(0).pool().request().budget().prefix());
			}
			tellNews(
					() -> logger.warn("{}: {}. Each pool keeps 1 connection.", members.get(0).name(), ex.getMessage()));
			return overcommitted(members, ex);
		}
	}

	private List<Member> planned(List<Member> members, List<PoolDemand> others) {
		List<PoolRequest> requests = members.stream().map((member) -> member.pool().request()).toList();
		Object server = members.get(0).server();
		LeaseShare lease = this.leases.on(server);
		FleetPolicy policy = follows(members.get(0)) ? this.fleet.following(this.leases.members()) : this.fleet;
		ServerPlan plan = ServerPlan.of(policy, lease, members.get(0).reading(), requests, others,
				ungovernedOn(members.get(0).pool().pool().kind(), server));
		if (lease == null && !policy.isPeakKnown()) {
			warnIfBlind(plan);
		}
		List<Member> planned = new ArrayList<>();
		for (int i = 0; i < members.size(); i++) {
			planned.add(members.get(i).planned(plan, plan.shares().get(i)));
		}
		return planned;
	}

	/**
	 * Plans for pools that are there beside some that may yet come. Whether these come,
	 * and to this server, is known when the application is complete: until then they make
	 * the others small, and stop nothing.
	 */
	private List<Member> leavingRoom(List<Member> members, List<PoolDemand> others) {
		try {
			return planned(members, others);
		}
		catch (BudgetTooSmallException ex) {
			return overcommitted(members, ex);
		}
	}

	private static List<Member> overcommitted(List<Member> members, BudgetTooSmallException ex) {
		return members.stream()
			.map((member) -> member.overcommitted(ex.derivation(), String.valueOf(ex.getMessage())))
			.toList();
	}

	private int ungovernedOn(PoolKind kind, Object server) {
		return ungoverned().stream()
			.filter((pool) -> pool.countsOn(kind, server))
			.mapToInt((pool) -> (pool.connections() != null) ? pool.connections() : 0)
			.sum();
	}

	private void refuseTooLarge(Member member) {
		PoolRequest request = member.pool().request();
		boolean refused = request.maxExplicit() && request.budget().failOnExceed() && !this.settled
				&& this.fleet.mode() == FleetMode.FIXED;
		if (refused && member.size().max() < request.demand().maxSize()) {
			throw new PoolTooLargeException(member.name(), request.maxKey(), request.demand().maxSize(),
					member.size().max(), request.budget().prefix(), member.reasons());
		}
	}

	private void warnIfBlind(ServerPlan plan) {
		if (plan.allotment() != null && !this.warnedBlind) {
			this.warnedBlind = true;
			tellNews(() -> logger
				.warn("The number of instances is not known, so pools stay careful: at most {} connections unless a "
						+ "size is set. Set pool.replicas to the number of instances.", PoolRequest.BLIND_MAX));
		}
	}

	/**
	 * Tells a pool its size, or as much of it as there is room for.
	 * @return whether it was all of it
	 */
	private boolean tell(Member member, int room) {
		PoolDecision decision = this.decisions.record(member);
		if (decision != null) {
			// leases come and go: the first size is news, the others are for the record
			boolean routine = decision.from() != null && this.fleet.mode() == FleetMode.LEASES;
			tellNews(() -> logger.atLevel(routine ? Level.DEBUG : Level.INFO)
				.log("{}: {} -> {} connections: {}", decision.pool(),
						(decision.from() != null) ? decision.from() : "new", decision.to(),
						String.join("; ", decision.reasons())));
		}
		ManagedPool pool = member.pool().pool();
		PoolSize possible = within(member.size(), room);
		if (decision != null || !possible.equals(pool.target())) {
			pool.resize(possible);
		}
		return possible.equals(member.size());
	}

	/**
	 * What the other pools of the instance leave on the server at this moment.
	 */
	private static int room(Member member, List<Member> neighbours) {
		Allotment allotment = member.allotment();
		if (allotment == null) {
			return Integer.MAX_VALUE;
		}
		int taken = 0;
		for (Member neighbour : neighbours) {
			if (!neighbour.name().equals(member.name())) {
				ManagedPool pool = neighbour.pool().pool();
				int promised = Math.min(pool.target().ceiling(), neighbour.size().ceiling());
				taken += Math.max(pool.counts().size(), promised);
			}
		}
		return Math.max(1, allotment.connections() - taken);
	}

	private static PoolSize within(PoolSize size, int room) {
		int max = Math.min(size.max(), room);
		return new PoolSize(Math.min(size.min(), max), max, Math.min(size.overflow(), room - max));
	}

}
