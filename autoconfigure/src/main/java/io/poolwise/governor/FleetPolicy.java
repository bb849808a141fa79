package io.poolwise.governor;

import io.poolwise.budget.Fleet;
import io.poolwise.budget.Surge;

/**
 * What is known of the fleet.
 *
 * @param mode how it is known
 * @param fleet its size; in blind mode this instance alone
 * @param toldByOperator whether somebody set {@code pool.replicas}, rather than a
 * profile's default
 * @param surge instances on top during a rolling update
 */
public record FleetPolicy(FleetMode mode, Fleet fleet, boolean toldByOperator, Surge surge) {

	/**
	 * A fleet whose peak is known.
	 * @param mode how it is known
	 * @param fleet its size
	 * @param toldByOperator whether somebody set {@code pool.replicas}
	 */
	public FleetPolicy(FleetMode mode, Fleet fleet, boolean toldByOperator) {
		this(mode, fleet, toldByOperator, Surge.parse("0"));
	}

	/**
	 * A fleet of unknown size.
	 * @return the policy of blind mode
	 */
	public static FleetPolicy blind() {
		return new FleetPolicy(FleetMode.BLIND, Fleet.unknown(), false);
	}

	/**
	 * A fleet that is known live, where that is possible.
	 * @param surge instances on top during a rolling update
	 * @return the policy of lease mode
	 */
	public static FleetPolicy leases(Surge surge) {
		return new FleetPolicy(FleetMode.LEASES, Fleet.unknown(), false, surge);
	}

	/**
	 * The policy where nothing is leased, but the fleet's size is known from where
	 * something is: a surge of at least 1, since who joins is not seen before it is
	 * there.
	 * @param members instances that may be alive, 0 if that is not known
	 * @return this policy, with the members as replicas in lease mode
	 */
	FleetPolicy following(int members) {
		if (this.mode != FleetMode.LEASES || members == 0) {
			return this;
		}
		return new FleetPolicy(this.mode, new Fleet(members, Math.max(1, this.surge.extra(members))), false,
				this.surge);
	}

	/**
	 * Whether the peak is more than a guess.
	 */
	boolean isPeakKnown() {
		return this.mode == FleetMode.FIXED || (this.mode == FleetMode.LEASES && this.fleet.peak() > 1);
	}

}
