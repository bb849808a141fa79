package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletionStage;

/**
 * Where a {@link MixedPool} gets its connections from.
 *
 * @param <T> the type of a connection
 * @param <C> the connections
 */
interface ConnectionSource<T, C> {

	/**
	 * Opens a connection without waiting for it.
	 * @param type its type
	 * @return the connection
	 */
	CompletionStage<? extends C> open(T type);

	/**
	 * Closes a connection.
	 * @param connection the connection
	 * @return completes when the server has dropped it, or when that is as sure as it can
	 * be
	 */
	CompletionStage<?> close(C connection);

	/**
	 * Whether a connection can still be used. Cheap, asks nobody.
	 * @param connection the connection
	 * @return {@code false} if it is broken or closed
	 */
	boolean isUsable(C connection);

	/**
	 * Whether somebody has closed a connection for good. Cheap, asks nobody.
	 * @param connection the connection
	 * @return whether it is closed
	 */
	boolean isClosed(C connection);

}
