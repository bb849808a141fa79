package io.poolwise.actuate;

import org.jspecify.annotations.Nullable;

/**
 * Adds up what the callers of a pool did. Reading it costs little, waits for no pool, and
 * asks no server. Safe for any thread.
 */
public interface UsageMeter {

	/**
	 * Nothing is measured but the counts of a pool.
	 */
	UsageMeter NONE = (pool) -> null;

	/**
	 * The sums of a pool since its start.
	 * @param pool the pool's name
	 * @return the sums, {@code null} where nobody measures them
	 */
	@Nullable UsageTotals read(String pool);

}
