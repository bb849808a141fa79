package io.poolwise.pool.hikari;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * After how many statements a connection is recycled. Each connection has a number of its
 * own, between three quarters of the maximum and the maximum, so that connections opened
 * together, in one pool or in a fleet, are not recycled together. HikariCP spreads the
 * lifetimes of connections in the same way.
 */
final class QueryLimit {

	private static final int SPREAD = 4;

	private final int most;

	private final LongUnaryOperator random;

	/**
	 * Creates a limit.
	 * @param most statements after which a connection is recycled at the latest, 0 for
	 * never
	 */
	QueryLimit(int most) {
		this(most, (bound) -> ThreadLocalRandom.current().nextLong(bound));
	}

	QueryLimit(int most, LongUnaryOperator random) {
		if (most < 0) {
			throw new IllegalArgumentException("most must be at least 0, was " + most);
		}
		this.most = most;
		this.random = random;
	}

	/**
	 * The number of a new connection.
	 * @return at least 1; {@link Long#MAX_VALUE} for never
	 */
	long next() {
		return (this.most > 0) ? this.most - this.random.applyAsLong(this.most / SPREAD + 1L) : Long.MAX_VALUE;
	}

}
