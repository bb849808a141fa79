package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

/**
 * Threads that borrow, run a statement, and give back, until they are stopped.
 */
final class Load implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final AtomicInteger done = new AtomicInteger();

	private final Queue<SQLException> failures = new ConcurrentLinkedQueue<>();

	private final List<Future<?>> workers = new ArrayList<>();

	/**
	 * Sets threads to work.
	 */
	Load on(DataSource dataSource, int count, String sql) {
		for (int i = 0; i < count; i++) {
			this.workers.add(this.threads.submit(() -> work(dataSource, sql)));
		}
		return this;
	}

	private void work(DataSource dataSource, String sql) {
		while (!this.stopped.get()) {
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute(sql);
				this.done.incrementAndGet();
			}
			catch (SQLException ex) {
				this.failures.add(ex);
			}
		}
	}

	int done() {
		return this.done.get();
	}

	List<SQLException> failures() {
		return List.copyOf(this.failures);
	}

	@Override
	public void close() throws Exception {
		this.stopped.set(true);
		for (Future<?> worker : this.workers) {
			worker.get(60, TimeUnit.SECONDS);
		}
		this.threads.shutdown();
	}

}
