package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

import io.lettuce.core.api.StatefulConnection;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * Short-lived connections beside the pool, one at a time: whoever comes while one is
 * under way waits for its answer, bounded in time. A server that never answers costs one
 * parked thread, not one a question.
 *
 * @param <T> what the question is answered with
 */
final class BareConnections<T> {

	private final Supplier<LettuceConnectionProvider> provider;

	private final Function<StatefulConnection<?, ?>, T> question;

	private final Runnable lateAnswer;

	private CompletableFuture<T> running = CompletableFuture.failedFuture(new IllegalStateException("nothing asked"));

	/**
	 * Creates the way to ask one question.
	 * @param provider opens the connections
	 * @param question asks over one
	 * @param lateAnswer called when an answer comes that a caller no longer waited for
	 */
	BareConnections(Supplier<LettuceConnectionProvider> provider, Function<StatefulConnection<?, ?>, T> question,
			Runnable lateAnswer) {
		this.provider = provider;
		this.question = question;
		this.lateAnswer = lateAnswer;
	}

	/**
	 * Asks the question over a connection of its own.
	 * @param timeout how long the caller waits
	 * @return the answer
	 * @throws TimeoutException if there is no answer in time; the attempt goes on, and
	 * closes its connection when it ends
	 * @throws ExecutionException with what the attempt failed with
	 * @throws InterruptedException if the caller is interrupted
	 */
	T ask(Duration timeout) throws TimeoutException, ExecutionException, InterruptedException {
		CompletableFuture<T> attempt = attempt();
		try {
			return attempt.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			CompletableFuture<?> unused = attempt.thenRun(this.lateAnswer);
			throw ex;
		}
	}

	private synchronized CompletableFuture<T> attempt() {
		if (this.running.isDone()) {
			CompletableFuture<T> future = new CompletableFuture<>();
			Thread thread = new Thread(() -> run(future), "poolwise-redis-bare");
			thread.setDaemon(true);
			thread.start();
			this.running = future;
		}
		return this.running;
	}

	private void run(CompletableFuture<T> future) {
		try {
			StatefulConnection<?, ?> connection = this.provider.get().getConnection(StatefulConnection.class);
			T answer;
			try {
				answer = this.question.apply(connection);
			}
			finally {
				Goodbye.say(connection).toCompletableFuture().join();
			}
			future.complete(answer);
		}
		catch (RuntimeException | Error ex) {
			future.completeExceptionally(ex);
		}
	}

}
