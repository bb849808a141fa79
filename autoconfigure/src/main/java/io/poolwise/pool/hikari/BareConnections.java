package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

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

	private static final Duration LATE = Duration.ofSeconds(10);

	private final String name;

	private final Connector connector;

	private final Question<T> question;

	private final Semaphore turn;

	private @Nullable Attempt running;

	private Predicate<Connection> keeper = (connection) -> false;

	private boolean closed;

	/**
	 * Creates it.
	 * @param name names the thread
	 * @param connector opens a connection
	 * @param question what is asked
	 */
	BareConnections(String name, Connector connector, Question<T> question) {
		this(name, connector, question, new Semaphore(1));
	}

	/**
	 * Creates it.
	 * @param name names the thread
	 * @param connector opens a connection
	 * @param question what is asked
	 * @param turn has one permit, for all connections of which there is to be one at a
	 * time
	 */
	BareConnections(String name, Connector connector, Question<T> question, Semaphore turn) {
		this.name = name;
		this.connector = connector;
		this.question = question;
		this.turn = turn;
	}

	/**
	 * Names what each connection is offered to after the question was answered.
	 * @param keeper whether it keeps the connection, so that it isn't closed here
	 */
	void offerTo(Predicate<Connection> keeper) {
		this.keeper = keeper;
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
		Attempt attempt = attempt();
		try {
			return attempt.answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		finally {
			if (attempt.answer.isDone()) {
				attempt.told = true;
			}
		}
	}

	private synchronized Attempt attempt() {
		Attempt attempt = this.running;
		if (this.closed) {
			attempt = new Attempt();
			attempt.answer.completeExceptionally(new SQLException("the pool is closed"));
		}
		else if (attempt == null || attempt.isOver()) {
			attempt = new Attempt();
			attempt.start();
			this.running = attempt;
		}
		return attempt;
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

		private volatile boolean told;

		private volatile long answeredAt;

		/**
		 * An answer that came after everybody had given up is for whoever asks next, if
		 * that is soon.
		 */
		boolean isOver() {
			return this.answer.isDone() && (this.told || System.nanoTime() - this.answeredAt > LATE.toNanos());
		}

		void start() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void run() {
			try {
				BareConnections.this.turn.acquire();
				try {
					ask();
				}
				finally {
					BareConnections.this.turn.release();
				}
			}
			catch (Exception | Error ex) {
				this.answeredAt = System.nanoTime();
				this.answer.completeExceptionally(ex);
			}
			finally {
				// a closed connection keeps what its driver learned, and the last attempt
				// is kept
				this.connection = null;
			}
		}

		/**
		 * The answer is told when the connection is closed, since whoever has it may open
		 * the next one.
		 */
		private void ask() throws Exception {
			T told = null;
			Connection connection = BareConnections.this.connector.connect();
			boolean keep = false;
			try {
				this.connection = connection;
				// else this was closed meanwhile, by somebody who saw no connection to
				// cut
				if (!this.answer.isDone()) {
					told = BareConnections.this.question.ask(connection);
					keep = BareConnections.this.keeper.test(connection);
				}
			}
			finally {
				this.connection = null;
				if (!keep) {
					close(connection);
				}
			}
			if (told != null) {
				this.answeredAt = System.nanoTime();
				this.answer.complete(told);
			}
		}

		private void close(Connection connection) {
			try {
				connection.close();
			}
			catch (SQLException ex) {
				// it is broken, and the answer is there or has failed
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
