package io.poolwise.pool;

/**
 * How often a pool has connected to its server since the start of the application.
 *
 * @param made connections (to the broker, for RabbitMQ) that were opened, at least 0
 * @param failed attempts to open one that failed, at least 0
 */
public record PoolConnects(long made, long failed) {

	/**
	 * It never tried.
	 */
	public static final PoolConnects NONE = new PoolConnects(0, 0);

}
