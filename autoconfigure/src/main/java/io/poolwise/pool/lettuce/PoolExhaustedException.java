package io.poolwise.pool.lettuce;

import java.time.Duration;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.RedisConnectionFailureException;

/**
 * No connection came free within the acquire timeout.
 */
public class PoolExhaustedException extends RedisConnectionFailureException {

	private final String pool;

	private final transient PoolCounts counts;

	/**
	 * Creates the exception.
	 * @param pool the pool's name
	 * @param timeout how long the caller waited
	 * @param target the pool's target
	 * @param counts the pool as it was then
	 * @param cause why no connection could be opened, {@code null} if that is not the
	 * reason
	 */
	PoolExhaustedException(String pool, Duration timeout, PoolSize target, PoolCounts counts,
			@Nullable Throwable cause) {
		super("Redis pool '%s' had no connection to give within %d ms: %d of at most %d open, %d in use, %d callers waiting. "
			.formatted(pool, timeout.toMillis(), counts.size(), target.ceiling(), counts.used(), counts.pending())
				+ ((cause != null) ? "The last attempt to connect failed."
						: "Raise pool.redis.max-size (within the budget of the server), "
								+ "or pool.redis.acquire-timeout to wait longer."),
				cause);
		this.pool = pool;
		this.counts = counts;
	}

	/**
	 * The pool's name.
	 * @return the name
	 */
	public String getPool() {
		return this.pool;
	}

	/**
	 * The pool as it was when the caller gave up.
	 * @return the counts
	 */
	public PoolCounts getCounts() {
		return this.counts;
	}

}
