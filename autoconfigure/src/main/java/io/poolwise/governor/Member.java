package io.poolwise.governor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.poolwise.budget.Allotment;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.PoolShare;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

/**
 * A pool with what was last read and decided for it. Written under the governor's lock;
 * immutable but for the last probe, which outlives a new decision.
 */
final class Member {

	private final GovernedPool pool;

	private final LimitReading reading;

	private final @Nullable Allotment allotment;

	private final @Nullable PoolShare share;

	private final boolean degraded;

	private final List<String> reasons;

	private final LastProbe lastProbe;

	private Member(GovernedPool pool, LimitReading reading, @Nullable Allotment allotment, @Nullable PoolShare share,
			boolean degraded, List<String> reasons, LastProbe lastProbe) {
		this.pool = pool;
		this.lastProbe = lastProbe;
		this.reading = reading;
		this.allotment = allotment;
		this.share = share;
		this.degraded = degraded;
		this.reasons = List.copyOf(reasons);
	}

	static Member of(GovernedPool pool, LimitReading reading) {
		return new Member(pool, reading, null, null, true, pool.request().reasons(), new LastProbe(System::nanoTime));
	}

	Member planned(ServerPlan plan, PoolShare share) {
		return new Member(this.pool, this.reading, plan.allotment(), share, plan.degraded(),
				plan.reasons(this.pool.request(), share), this.lastProbe);
	}

	/**
	 * The server grants fewer connections than there are pools: the pool keeps one.
	 */
	Member overcommitted(@Nullable Allotment allotment, String reason) {
		List<String> reasons = new ArrayList<>(this.pool.request().reasons());
		reasons.add(reason);
		return new Member(this.pool, this.reading, allotment, null, false, reasons, this.lastProbe);
	}

	Member read(LimitReading reading) {
		return new Member(this.pool, reading, this.allotment, this.share, this.degraded, this.reasons, this.lastProbe);
	}

	/**
	 * A server that can't be asked for a while keeps the limit that it last gave.
	 */
	boolean isNews(LimitReading reading) {
		return !(reading instanceof LimitReading.Unavailable) || this.reading instanceof LimitReading.Unavailable;
	}

	GovernedPool pool() {
		return this.pool;
	}

	String name() {
		return this.pool.name();
	}

	LimitReading reading() {
		return this.reading;
	}

	@Nullable Allotment allotment() {
		return this.allotment;
	}

	boolean isOvercommitted() {
		return this.share == null && !this.degraded;
	}

	/**
	 * The size that was decided.
	 */
	PoolSize size() {
		PoolShare share = this.share;
		return (share != null) ? new PoolSize(share.appliedMin(), share.appliedMax(), share.appliedOverflow())
				: PoolSize.of(0, 1);
	}

	List<String> reasons() {
		return this.reasons;
	}

	/**
	 * What makes two pools share a limit; a pool whose server is not known stands alone.
	 */
	Object server() {
		if (this.reading instanceof LimitReading.Granted granted) {
			return granted.identity();
		}
		if (this.reading instanceof LimitReading.Unlimited unlimited) {
			return unlimited.identity();
		}
		return (this.reading instanceof LimitReading.Pooled pooled) ? pooled.identity() : name();
	}

	void probed(ServerProbe probe) {
		this.lastProbe.remember(probe);
	}

	/**
	 * The pool as it is.
	 * @param alone whether it is the only one on its server
	 * @param outOfReach whether leases can't be had since the server lets nobody in; a
	 * pool without leave to connect never finds out by itself
	 */
	PoolReport report(boolean alone, BooleanSupplier outOfReach) {
		PoolCounts counts = this.pool.pool().counts();
		Allotment allotment = this.allotment;
		PoolShare share = this.share;
		Integer allotted = null;
		if (allotment != null) {
			allotted = (alone || share == null) ? allotment.connections() : share.allotment();
		}
		return new PoolReport(name(), this.pool.pool().kind(), status(counts, outOfReach), counts,
				this.pool.pool().target(), (allotment != null) ? allotment.budget() : null,
				(allotment != null) ? allotment.fleet().peak() : 1, allotted, this.reasons);
	}

	private PoolStatus status(PoolCounts counts, BooleanSupplier outOfReach) {
		boolean nothingOpen = counts.free() == 0 && counts.used() == 0;
		if (this.lastProbe.hasFailed() || (nothingOpen && cannotConnect(outOfReach))) {
			return PoolStatus.DOWN;
		}
		if (counts.pending() > 0 && counts.used() >= this.pool.pool().target().ceiling()) {
			return PoolStatus.SATURATED;
		}
		if (isOvercommitted()) {
			return PoolStatus.OVERCOMMITTED;
		}
		return this.degraded ? PoolStatus.DEGRADED : PoolStatus.HEALTHY;
	}

	private boolean cannotConnect(BooleanSupplier outOfReach) {
		return this.pool.pool().connectFailure().isPresent() || outOfReach.getAsBoolean();
	}

}
