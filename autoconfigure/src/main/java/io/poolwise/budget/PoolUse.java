package io.poolwise.budget;

/**
 * What one pool makes of its connections at present.
 *
 * @param used connections in use and callers that wait, 0 or more; a short held peak
 * @param wanted the same with headroom, at least {@code used}
 */
public record PoolUse(int used, int wanted) {

	/** A pool that does nothing. */
	public static final PoolUse IDLE = new PoolUse(0, 0);

	public PoolUse {
		Numbers.requireAtLeast(0, used, "The use of a pool");
		Numbers.requireAtLeast(used, wanted, "What a pool could use");
	}

}
