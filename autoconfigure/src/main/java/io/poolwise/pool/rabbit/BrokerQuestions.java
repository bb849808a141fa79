package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A question to a broker, asked by one thread at a time: whoever comes while it is asked
 * waits for the same answer, bounded in time. A broker that never answers costs one
 * parked thread, not one a question.
 *
 * @param <T> the answer
 */
final class BrokerQuestions<T> {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private final Callable<T> question;

	private CompletableFuture<T> running = CompletableFuture.failedFuture(new IllegalStateException("nothing asked"));

	BrokerQuestions(Callable<T> question) {
		this.question = question;
	}

	/**
	 * Asks.
	 * @param timeout how long the caller waits
	 * @return the answer
	 * @throws TimeoutException if there is none in time; the question goes on
	 * @throws ExecutionException with what it failed with
	 * @throws InterruptedException if the caller is interrupted
	 */
	T ask(Duration timeout) throws TimeoutException, ExecutionException, InterruptedException {
		return begin().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Asks, unless somebody does so already, and waits for nothing.
	 * @return the answer to come
	 */
	synchronized CompletableFuture<T> begin() {
		if (this.running.isDone()) {
			CompletableFuture<T> future = new CompletableFuture<>();
			start(() -> run(future));
			this.running = future;
		}
		return this.running;
	}

	/**
	 * Runs what may wait for a broker on a thread of its own.
	 */
	static void start(Runnable task) {
		Thread thread = new Thread(task, "poolwise-broker-" + NUMBER.incrementAndGet());
		thread.setDaemon(true);
		thread.start();
	}

	private void run(CompletableFuture<T> future) {
		try {
			future.complete(this.question.call());
		}
		catch (Exception | Error ex) {
			future.completeExceptionally(ex);
		}
	}

}
