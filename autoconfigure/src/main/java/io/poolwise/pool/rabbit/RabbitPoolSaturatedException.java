package io.poolwise.pool.rabbit;

import io.poolwise.pool.PoolShortage;

/**
 * A caller was refused at once, since as many as may wait for a channel of the pool did
 * so already ({@code pool.rabbit.max-pending}).
 */
public class RabbitPoolSaturatedException extends RabbitPoolExhaustedException {

	/**
	 * Creates the exception.
	 * @param shortage the pool as it was then
	 * @param maxPending callers that may wait, at least 1
	 */
	public RabbitPoolSaturatedException(PoolShortage shortage, int maxPending) {
		super(shortage,
				"Pool '%s' refused a caller at once: %s, and at most %d may wait (pool.rabbit.max-pending). Try again in %d ms."
					.formatted(shortage.pool(), shortage.inWords(), maxPending, shortage.retryAfter().toMillis()));
	}

}
