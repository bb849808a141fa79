package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;

/**
 * Closes a connection so that the server has dropped it before another is opened in its
 * place: a client's close is seen by the server a moment later, a {@code QUIT} is
 * answered by it.
 */
final class Goodbye {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private Goodbye() {
	}

	/**
	 * Closes a connection.
	 * @param connection the connection
	 * @return completes when it is closed
	 */
	static CompletionStage<Void> say(StatefulConnection<?, ?> connection) {
		if (!connection.isOpen() || !(connection instanceof StatefulRedisConnection<?, ?> redis)) {
			return connection.closeAsync();
		}
		CompletableFuture<String> answer = redis.async().quit().toCompletableFuture();
		return answer.orTimeout(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
			.exceptionally((failure) -> "")
			.thenCompose((answered) -> connection.closeAsync());
	}

}
