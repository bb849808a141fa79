package io.poolwise.governor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.poolwise.budget.Allotment;
import io.poolwise.budget.Budget;
import io.poolwise.budget.BudgetAllocator;
import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.Fleet;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.PoolShare;
import io.poolwise.budget.ServerLimit;
import io.poolwise.budget.SlotAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of one instance's pools on one server: a pure function of what the server
 * grants, of what is known of the fleet, and of what is asked for.
 *
 * @param allotment what the instance may open, {@code null} where no limit is known
 * @param degraded whether a limit should be known and isn't
 * @param careful why no pool gets more than its careful size, {@code null} if it may
 * @param shares one a pool, in the order of the requests; empty if there are more pools
 * than connections
 */
record ServerPlan(@Nullable Allotment allotment, boolean degraded, @Nullable String careful, List<PoolShare> shares) {

	/**
	 * Plans.
	 * @param fleet what is known of the fleet
	 * @param lease what the instance may open by its leases, {@code null} if nothing is
	 * shared live on the server
	 * @param reading what the server said
	 * @param requests the pools there are, at least one
	 * @param expected pools that may yet come on the same server
	 * @param ungoverned connections that other pools of this process can open there
	 * @return the plan
	 * @throws BudgetTooSmallException if there are more pools than connections
	 */
	static ServerPlan of(FleetPolicy fleet, @Nullable LeaseShare lease, LimitReading reading,
			List<PoolRequest> requests, List<PoolDemand> expected, int ungoverned) {
		List<BudgetPolicy> policies = requests.stream().map(PoolRequest::budget).toList();
		ServerLimit limit = limit(policies, reading);
		if (limit == null) {
			boolean unlimited = reading instanceof LimitReading.Unlimited;
			String reason = whyNoLimit(reading, policies.get(0));
			return new ServerPlan(null, !unlimited, unlimited ? null : "the limit is not known",
					requests.stream()
						.map((request) -> unbudgeted(unlimited ? request.demand() : request.blindDemand(), reason))
						.toList());
		}
		boolean known = fleet.isPeakKnown() || lease != null;
		Function<PoolRequest, PoolDemand> asked = known ? PoolRequest::demand : PoolRequest::blindDemand;
		List<PoolDemand> demands = Stream.concat(requests.stream().map(asked), expected.stream()).toList();
		Budget budget = least(limit, policies);
		Allotment allotment = (lease != null) ? leased(budget, lease, demands.size())
				: Allotment.of(budget, fleet.fleet(), ungoverned);
		List<PoolShare> shares = (lease != null) ? SlotAllocator.split(allotment.connections(), demands, lease.uses())
				: BudgetAllocator.split(allotment, demands);
		return new ServerPlan(allotment, lease != null && lease.degraded(), known ? null : whyCareful(fleet),
				shares.subList(0, requests.size()));
	}

	private static String whyCareful(FleetPolicy fleet) {
		return (fleet.mode() == FleetMode.LEASES) ? "there are no leases on this server"
				: "pool.replicas is not set, so the number of instances is not known";
	}

	/**
	 * What the leases allow. A pool has a size of at least 1; that it opens nothing
	 * without a slot is up to the leases.
	 */
	private static Allotment leased(Budget budget, LeaseShare lease, int pools) {
		List<String> reasons = new ArrayList<>(budget.reasons());
		reasons.add("leases: " + lease.sessions() + " connections: " + lease.reason());
		int connections = Math.min(Math.max(lease.sessions(), pools), budget.connections());
		return new Allotment(connections, budget, Fleet.unknown(), 0, reasons);
	}

	/**
	 * What the whole fleet may open.
	 * @return the budget, {@code null} where no limit is known
	 */
	static @Nullable Budget budget(BudgetPolicy policy, LimitReading reading) {
		ServerLimit limit = limit(List.of(policy), reading);
		return (limit != null) ? Budget.of(limit, policy.reserve(), policy.share()) : null;
	}

	/**
	 * The limit that counts: the lowest that the operator says for any of the pools, else
	 * what the server says.
	 */
	private static @Nullable ServerLimit limit(List<BudgetPolicy> policies, LimitReading reading) {
		ServerLimit lowest = null;
		for (BudgetPolicy policy : policies) {
			Integer limit = policy.limit();
			if (limit != null && (lowest == null || limit < lowest.connections())) {
				lowest = ServerLimit.ofKey(limit, policy.limitKey());
			}
		}
		if (reading instanceof LimitReading.Granted granted) {
			return (lowest != null) ? lowest.within(granted.limit().bounds()) : granted.limit();
		}
		return lowest;
	}

	/**
	 * The pools of one server share one budget: the smallest that is said for any.
	 */
	private static Budget least(ServerLimit limit, List<BudgetPolicy> policies) {
		return policies.stream()
			.map((policy) -> Budget.of(limit, policy.reserve(), policy.share()))
			.min(Comparator.comparingInt(Budget::connections))
			.orElseThrow();
	}

	private static String whyNoLimit(LimitReading reading, BudgetPolicy policy) {
		if (reading instanceof LimitReading.Unlimited unlimited) {
			return unlimited.product() + " has no connection limit that is known here";
		}
		if (reading instanceof LimitReading.Pooled pooled) {
			return "a pooler stands before the server (" + pooled.evidence() + "); set " + policy.limitKey()
					+ " to what it grants";
		}
		if (reading instanceof LimitReading.Unavailable unavailable) {
			return "the server's limit could not be read: " + unavailable.reason();
		}
		throw new IllegalArgumentException("No limit, yet " + reading);
	}

	private static PoolShare unbudgeted(PoolDemand demand, String reason) {
		return new PoolShare(demand.name(), Math.addExact(demand.maxSize(), demand.maxOverflow()), demand.minSize(),
				demand.maxSize(), demand.maxOverflow(), List.of(reason));
	}

	/**
	 * Why a pool gets what it gets, from the request to the share.
	 * @param request what was asked for
	 * @param share what it gets
	 * @return the lines, in order
	 */
	List<String> reasons(PoolRequest request, PoolShare share) {
		List<String> reasons = new ArrayList<>(request.reasons());
		int wanted = request.demand().maxSize();
		int possible = request.blindDemand().maxSize();
		if (this.careful != null && possible < wanted) {
			reasons.add(this.careful + ": at most " + possible + " instead of " + wanted);
		}
		if (this.allotment != null) {
			reasons.addAll(this.allotment.reasons());
		}
		reasons.addAll(share.reasons());
		return reasons;
	}

}
