package io.poolwise.pool;

import java.sql.SQLTransientConnectionException;

/**
 * A caller was refused at once, since as many as may wait for a connection of the pool
 * did so already ({@code pool.database.max-pending}).
 */
public class PoolSaturatedException extends SQLTransientConnectionException implements PoolUnavailable {

	private final transient PoolShortage shortage;

	/**
	 * Creates the exception.
	 * @param shortage the pool as it was then
	 * @param maxPending callers that may wait, at least 1
	 */
	public PoolSaturatedException(PoolShortage shortage, int maxPending) {
		super("Pool '%s' refused a caller at once: %s, and at most %d may wait (pool.database.max-pending). Try again in %d ms."
			.formatted(shortage.pool(), shortage.inWords(), maxPending, shortage.retryAfter().toMillis()));
		this.shortage = shortage;
	}

	@Override
	public PoolShortage getShortage() {
		return this.shortage;
	}

}
