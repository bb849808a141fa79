package io.poolwise.pool;

import org.jspecify.annotations.Nullable;

/**
 * How often callers got no connection since the start of a pool, and why.
 *
 * @param refused callers refused at once since too many waited, at least 0
 * @param timeouts callers that waited for the whole acquire timeout, at least 0
 * @param postMortem the last judgement on the reason, {@code null} if there is none
 */
public record PoolTrouble(long refused, long timeouts, @Nullable PostMortem postMortem) {

	/**
	 * No caller ever went without.
	 */
	public static final PoolTrouble NONE = new PoolTrouble(0, 0, null);

}
