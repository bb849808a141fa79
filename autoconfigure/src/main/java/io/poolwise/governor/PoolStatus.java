package io.poolwise.governor;

import java.util.Locale;

/**
 * How a pool is, worst last.
 */
public enum PoolStatus {

	/**
	 * As it should be.
	 */
	HEALTHY,

	/**
	 * The limit of its server, or the fleet's leases, are not known: it keeps a careful
	 * size.
	 */
	DEGRADED,

	/**
	 * Its server grants fewer connections than this instance has pools.
	 */
	OVERCOMMITTED,

	/**
	 * All that it may have is in use, and callers wait.
	 */
	SATURATED,

	/**
	 * Its server does not answer.
	 */
	DOWN;

	/**
	 * The name that JSON uses.
	 * @return the name in lower case
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT);
	}

}
