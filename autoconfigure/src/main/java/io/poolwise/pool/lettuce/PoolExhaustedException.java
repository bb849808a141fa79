package io.poolwise.pool.lettuce;

import java.time.Duration;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.PoolUnavailable;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.RedisConnectionFailureException;

/**
 * No connection came free within the acquire timeout, or the caller was not let wait.
 */
public class PoolExhaustedException extends RedisConnectionFailureException implements PoolUnavailable {

	private final transient PoolShortage shortage;

	/**
	 * Creates the exception of a caller that waited.
	 * @param shortage the pool as it was then
	 * @param timeout how long the caller waited
	 * @param cause why no connection could be opened, {@code null} if that is not the
	 * reason
	 */
	PoolExhaustedException(PoolShortage shortage, Duration timeout, @Nullable Throwable cause) {
		this(shortage,
				"Redis pool '%s' had no connection to give within %d ms: %s. ".formatted(shortage.pool(),
						timeout.toMillis(), shortage.inWords())
						+ ((cause != null) ? "The last attempt to connect failed."
								: "Raise pool.redis.max-size (within the budget of the server), "
										+ "or pool.redis.acquire-timeout to wait longer."),
				cause);
	}

	PoolExhaustedException(PoolShortage shortage, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.shortage = shortage;
	}

	/**
	 * The pool's name.
	 * @return the name
	 */
	public String getPool() {
		return this.shortage.pool();
	}

	/**
	 * The pool as it was when the caller gave up.
	 * @return the counts
	 */
	public PoolCounts getCounts() {
		return this.shortage.counts();
	}

	@Override
	public PoolShortage getShortage() {
		return this.shortage;
	}

}
