package io.poolwise.fleet;

import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

import io.poolwise.budget.Budget;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.FleetLeases;
import io.poolwise.governor.LeasesImpossibleException;
import io.poolwise.governor.UngovernedPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a pool leases, goes without, or has to wait until that is known. Safe for any
 * thread; whoever asks twice for one server gets two memberships.
 */
final class LeaseAdmission {

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private final LeaseOptions options;

	private final UngovernedPools ungoverned;

	private final ScheduledExecutorService executor;

	LeaseAdmission(LeaseOptions options, UngovernedPools ungoverned, ScheduledExecutorService executor) {
		this.options = options;
		this.ungoverned = ungoverned;
		this.executor = executor;
	}

	/**
	 * Makes the membership that a pool asks for, if there can be one.
	 * @param permits the pool's, told what came of it unless there is a membership
	 * @param identity the server
	 * @param budget what the fleet shares there
	 * @param listener hears of changes
	 * @return the membership, not started; {@code null} if there is none
	 * @throws LeasesImpossibleException if there can be none and leases are a must
	 */
	@Nullable LeasedServer join(PoolPermits permits, ServerIdentity identity, Budget budget, FleetLeases.Listener listener) {
		Optional<UngovernedPool> beside = this.ungoverned.on(identity).findFirst();
		if (beside.isPresent()) {
			free(permits, UngovernedPools.objection(beside.get()));
			return null;
		}
		LeaseJoin join = new LeaseJoin(this.options, permits.connector());
		LeaseJoin.Verdict verdict = join.look(budget);
		String objection = verdict.objection();
		if (objection != null && (verdict.lasting() || this.options.required())) {
			free(permits, objection);
			return null;
		}
		if (objection != null) {
			keepClosed(permits, objection);
			return null;
		}
		return join.join(identity, budget, this.executor, listener);
	}

	/**
	 * Lets a pool go without leases, since there is nothing on its server that could be
	 * shared.
	 * @param permits the pool's
	 * @param reading what the server says of its limit
	 * @throws LeasesImpossibleException if leases are a must
	 */
	void refuse(PoolPermits permits, LimitReading reading) {
		free(permits, (reading instanceof LimitReading.Pooled) ? "a pooler stands before the server"
				: "the server has no connection limit to share");
	}

	/**
	 * A pool whose server can't have leases goes without, unless they are a must.
	 */
	private void free(PoolPermits permits, String objection) {
		if (!permits.isUndecided()) {
			return;
		}
		if (this.options.required()) {
			throw new LeasesImpossibleException(permits.pool(), objection);
		}
		logger.info("{}: no leases, since {}", permits.pool(), objection);
		permits.free();
	}

	/**
	 * To go without could cost the others what they count on, so the pool waits.
	 */
	private static void keepClosed(PoolPermits permits, String objection) {
		if (permits.keepClosed(objection)) {
			logger.warn("{}: no connection is opened before it is known whether there are leases: {}", permits.pool(),
					objection);
		}
	}

}
