package io.poolwise.fleet;

import io.poolwise.lease.LeaseSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of a reserve that is too small for the fleet, again when more instances come. For
 * one thread at a time.
 */
final class ReserveWarning {

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private final LeaseSettings settings;

	private int warnedMembers;

	ReserveWarning(LeaseSettings settings) {
		this.settings = settings;
	}

	/**
	 * Looks whether the reserve pays for all that may connect at once.
	 * @param members instances, at least 1
	 * @param reserve connections, at least 0
	 */
	void check(int members, int reserve) {
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

}
