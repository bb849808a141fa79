package io.poolwise.pool;

import java.time.Duration;

/**
 * A pool at the moment at which it had no connection to give.
 *
 * @param pool the pool's name
 * @param counts the pool as it was then
 * @param max connections (channels for RabbitMQ) that it may open, at least 1
 * @param retryAfter after which time another try makes sense, above 0 and at most the
 * acquire timeout; see {@link RetryHint}
 */
public record PoolShortage(String pool, PoolCounts counts, int max, Duration retryAfter) {

	public PoolShortage {
		if (max < 1) {
			throw new IllegalArgumentException("max must be at least 1, was " + max);
		}
		if (retryAfter.isZero() || retryAfter.isNegative()) {
			throw new IllegalArgumentException("retryAfter must be above 0, was " + retryAfter);
		}
	}

	/**
	 * The counts in words, such as "10 of at most 10 open, 10 in use, 0 free, 3 waiting".
	 * @return a part of a sentence
	 */
	public String inWords() {
		return "%d of at most %d open, %d in use, %d free, %d waiting".formatted(this.counts.size(), this.max,
				this.counts.used(), this.counts.free(), this.counts.pending());
	}

}
