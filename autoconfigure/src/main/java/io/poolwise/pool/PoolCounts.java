package io.poolwise.pool;

/**
 * A pool as it is at one moment.
 *
 * @param size physical connections (channels for RabbitMQ) that are open or being opened,
 * at least 0; a connection counts until it is really closed, so the sum of {@code free}
 * and {@code used} may be smaller
 * @param free those that can be borrowed now, at least 0
 * @param used those that are borrowed, at least 0
 * @param pending callers that wait for one, at least 0
 */
public record PoolCounts(int size, int free, int used, int pending) {

	/**
	 * A pool that was never started.
	 */
	public static final PoolCounts EMPTY = new PoolCounts(0, 0, 0, 0);

	public PoolCounts {
		if (size < 0 || free < 0 || used < 0 || pending < 0) {
			throw new IllegalArgumentException("counts must be at least 0, were size %d, free %d, used %d, pending %d"
				.formatted(size, free, used, pending));
		}
	}

}
