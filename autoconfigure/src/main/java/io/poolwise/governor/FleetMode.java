package io.poolwise.governor;

import java.util.Locale;

/**
 * How the size of the fleet is known.
 */
public enum FleetMode {

	/**
	 * Told by {@code pool.replicas}.
	 */
	FIXED,

	/**
	 * Live, by leases.
	 */
	LEASES,

	/**
	 * Not known.
	 */
	BLIND;

	/**
	 * The name that JSON and logs use.
	 * @return {@code fixed}, {@code leases} or {@code blind}
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT);
	}

}
