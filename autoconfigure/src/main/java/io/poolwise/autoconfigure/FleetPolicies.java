package io.poolwise.autoconfigure;

import io.poolwise.autoconfigure.PoolProperties.Leases.Mode;
import io.poolwise.budget.Fleet;
import io.poolwise.budget.Surge;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.FleetPolicy;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What the keys say of the fleet.
 */
final class FleetPolicies {

	private static final String REPLICAS = "pool.replicas";

	private static final String SURGE = "pool.max-surge";

	private FleetPolicies() {
	}

	/**
	 * Decides the mode.
	 * @throws InvalidConfigurationPropertyValueException if a value makes no sense
	 */
	static FleetPolicy of(PoolKeys keys, PoolProperties properties) {
		Surge surge = surge(properties.maxSurge());
		Integer replicas = properties.replicas();
		if (replicas != null && replicas < 1) {
			throw new InvalidConfigurationPropertyValueException(REPLICAS, replicas,
					"A fleet has at least 1 instance. Leave the key out if the number is not known.");
		}
		Mode mode = properties.leases().mode();
		if (mode == Mode.ON || (mode == Mode.AUTO && replicas == null)) {
			return FleetPolicy.leases(surge);
		}
		if (replicas == null) {
			return FleetPolicy.blind();
		}
		return new FleetPolicy(FleetMode.FIXED, fleet(replicas, surge),
				keys.explicit(REPLICAS, Integer.class).isPresent());
	}

	private static Fleet fleet(int replicas, Surge surge) {
		try {
			return Fleet.of(replicas, surge);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(REPLICAS, replicas,
					DatabaseKeys.sentence(ex) + " Lower it, or " + SURGE + ".", ex);
		}
	}

	private static Surge surge(String text) {
		try {
			return Surge.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(SURGE, text, DatabaseKeys.sentence(ex)
					+ " Use a number of instances, or a percentage of the replicas, such as 25%.", ex);
		}
	}

}
