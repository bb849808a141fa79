package io.poolwise.pool.lettuce;

import io.poolwise.pool.PoolShortage;

/**
 * A caller was refused at once, since as many as may wait for a connection of the pool
 * did so already ({@code pool.redis.max-pending}).
 */
public class RedisPoolSaturatedException extends PoolExhaustedException {

	/**
	 * Creates the exception.
	 * @param shortage the pool as it was then
	 * @param maxPending callers that may wait, at least 1
	 */
	public RedisPoolSaturatedException(PoolShortage shortage, int maxPending) {
		super(shortage,
				"Redis pool '%s' refused a caller at once: %s, and at most %d may wait (pool.redis.max-pending). Try again in %d ms."
					.formatted(shortage.pool(), shortage.inWords(), maxPending, shortage.retryAfter().toMillis()),
				null);
	}

}
