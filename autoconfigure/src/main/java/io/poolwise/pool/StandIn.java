package io.poolwise.pool;

/**
 * Who serves a pool's callers while the pool's server can't be reached.
 *
 * @param pool the other pool's name
 * @param served callers that it has served since the start, at least 0
 */
public record StandIn(String pool, long served) {

	public StandIn {
		if (served < 0) {
			throw new IllegalArgumentException("callers served must be at least 0, were " + served);
		}
	}

}
