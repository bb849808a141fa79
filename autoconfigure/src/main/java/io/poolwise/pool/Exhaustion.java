package io.poolwise.pool;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The facts of a moment at which a caller got no connection.
 *
 * @param shortage the pool as it was then
 * @param waited how long the caller waited, 0 if it was refused at once
 * @param holders who has the connections, as far as it is known
 * @param connects how the last attempt to connect ended
 * @param connectFailure its failure in words, {@code null} if it did not fail
 */
public record Exhaustion(PoolShortage shortage, Duration waited, List<ConnectionHolder> holders,
		ConnectTrouble connects, @Nullable String connectFailure) {

	public Exhaustion {
		holders = List.copyOf(holders);
	}

	/**
	 * Whether the pool could open more connections.
	 * @return whether fewer are open than it may have
	 */
	boolean mayGrow() {
		return this.shortage.counts().size() < this.shortage.max();
	}

}
