package io.poolwise.budget;

/**
 * What one pool of an instance is configured to have.
 *
 * @param name the pool's name, unique in its instance
 * @param minSize the connections kept open when idle, 0 or more; a minimum above the
 * maximum is legal here and is lowered to it
 * @param maxSize the most connections in ordinary operation, at least 1
 * @param maxOverflow the burst connections above the maximum, 0 or more
 */
public record PoolDemand(String name, int minSize, int maxSize, int maxOverflow) {

	public PoolDemand {
		if (name.isBlank()) {
			throw new IllegalArgumentException("A pool must have a name");
		}
		Numbers.requireAtLeast(0, minSize, "min-size of " + name);
		Numbers.requireAtLeast(1, maxSize, "max-size of " + name);
		Numbers.requireAtLeast(0, maxOverflow, "max-overflow of " + name);
	}

	/**
	 * Returns the most connections that the pool would ever open, which is also its
	 * weight against other pools of the same server.
	 * @return the maximum and the overflow, at least 1
	 */
	public long weight() {
		return (long) this.maxSize + this.maxOverflow;
	}

}
