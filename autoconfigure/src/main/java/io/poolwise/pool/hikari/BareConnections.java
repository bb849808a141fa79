package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Short-lived connections beside the pool, one at a time: whoever comes while one is
 * under way waits for its answer, bounded in time. A server that never answers costs one
 * parked thread, not one a question.
 *
 * @param <T> what a question is answered with
 */
final class BareConnections<T> {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private final Connector connector;

	private final Question<T> question;

	private CompletableFuture<T> running = CompletableFuture.failedFuture(new IllegalStateException("nothing asked"));

	BareConnections(Connector connector, Question<T> question) {
		this.connector = connector;
		this.question = question;
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
		return attempt().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	private synchronized CompletableFuture<T> attempt() {
		if (this.running.isDone()) {
			CompletableFuture<T> future = new CompletableFuture<>();
			this.running = future;
			Thread thread = new Thread(() -> run(future), "poolwise-bare-" + NUMBER.incrementAndGet());
			thread.setDaemon(true);
			thread.start();
		}
		return this.running;
	}

	private void run(CompletableFuture<T> future) {
		try (Connection connection = this.connector.connect()) {
			future.complete(this.question.ask(connection));
		}
		catch (Exception | LinkageError ex) {
			future.completeExceptionally(ex);
		}
	}

	/**
	 * Opens the connection.
	 */
	interface Connector {

		Connection connect() throws Exception;

	}

	/**
	 * Something to find out over one connection.
	 *
	 * @param <T> the answer
	 */
	interface Question<T> {

		T ask(Connection connection) throws Exception;

	}

}
