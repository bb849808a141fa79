package io.poolwise.governor;

import io.poolwise.budget.Fleet;

/**
 * What is known of the fleet.
 *
 * @param mode how it is known
 * @param fleet its size; in blind mode this instance alone
 * @param toldByOperator whether somebody set {@code pool.replicas}, rather than a
 * profile's default
 */
public record FleetPolicy(FleetMode mode, Fleet fleet, boolean toldByOperator) {

	/**
	 * A fleet of unknown size.
	 * @return the policy of blind mode
	 */
	public static FleetPolicy blind() {
		return new FleetPolicy(FleetMode.BLIND, Fleet.unknown(), false);
	}

	/**
	 * A fleet that is known live, where that is possible.
	 * @return the policy of lease mode
	 */
	public static FleetPolicy leases() {
		return new FleetPolicy(FleetMode.LEASES, Fleet.unknown(), false);
	}

}
