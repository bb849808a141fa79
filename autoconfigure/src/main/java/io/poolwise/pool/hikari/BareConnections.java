package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Short-lived connections beside the pool, one at a time: whoever comes while one is
 * under way waits for its answer, bounded in time. A server that never answers costs one
 * parked thread, not one a question, until the driver gives up or this is closed. Safe
 * for any thread.
 *
 * @param <T> what a question is answered with
 */
final class BareConnections<T> implements AutoCloseable {

	private final String name;

	private final Connector connector;

	private final Question<T> question;

	private @Nullable Attempt running;

	private boolean closed;

	/**
	 * Creates it.
	 * @param name names the thread
	 * @param connector opens a connection
	 * @param question what is asked
	 */
	BareConnections(String name, Connector connector, Question<T> question) {
		this.name = name;
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
		if (this.closed) {
			return CompletableFuture.failedFuture(new SQLException("the pool is closed"));
		}
		Attempt attempt = this.running;
		if (attempt == null || attempt.answer.isDone()) {
			attempt = new Attempt();
			this.running = attempt;
			attempt.start();
		}
		return attempt.answer;
	}

	/**
	 * Ends what is under way: a thread that waits for a server is interrupted, and its
	 * connection is cut.
	 */
	@Override
	public void close() {
		Attempt attempt;
		synchronized (this) {
			this.closed = true;
			attempt = this.running;
		}
		if (attempt != null) {
			attempt.cancel();
		}
	}

	private final class Attempt {

		private final CompletableFuture<T> answer = new CompletableFuture<>();

		private final Thread thread = new Thread(this::run, "poolwise-bare-" + BareConnections.this.name);

		private volatile @Nullable Connection connection;

		void start() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void run() {
			try (Connection connection = BareConnections.this.connector.connect()) {
				this.connection = connection;
				// else this was closed meanwhile, by somebody who saw no connection to
				// cut
				if (!this.answer.isDone()) {
					this.answer.complete(BareConnections.this.question.ask(connection));
				}
			}
			catch (Exception | LinkageError ex) {
				this.answer.completeExceptionally(ex);
			}
			finally {
				// a closed connection keeps what its driver learned, and the last attempt
				// is kept
				this.connection = null;
			}
		}

		void cancel() {
			if (!this.answer.completeExceptionally(new SQLException("the pool is closed"))) {
				// it is about to close its connection, which may belong to another pool
				return;
			}
			this.thread.interrupt();
			Connection connection = this.connection;
			if (connection != null && this.thread.isAlive()) {
				try {
					connection.abort(Runnable::run);
				}
				catch (SQLException ex) {
					// it is broken already
				}
			}
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
