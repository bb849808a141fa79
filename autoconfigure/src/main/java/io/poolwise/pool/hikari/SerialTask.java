package io.poolwise.pool.hikari;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that an executor runs, never twice at the same time: a request during a run
 * makes it run once more. No lock is held while it runs. A run that fails is repeated.
 * Safe for any thread.
 */
final class SerialTask {

	/** Stands for no further run until the next request. */
	static final long DONE = -1;

	private static final long RETRY_MILLIS = 128;

	private static final Logger logger = LoggerFactory.getLogger(SerialTask.class);

	private final Supplier<@Nullable String> name;

	private final LongSupplier task;

	private final Executor executor;

	private final AtomicInteger requests = new AtomicInteger();

	// both written by runs only, which follow each other
	private @Nullable CompletableFuture<Void> timer;

	private boolean failing;

	/**
	 * Creates a task that has not run.
	 * @param name the pool's name, for the log
	 * @param task returns the milliseconds to the next run, {@link #DONE} for none
	 * @param executor runs it
	 */
	SerialTask(Supplier<@Nullable String> name, LongSupplier task, Executor executor) {
		this.name = name;
		this.task = task;
		this.executor = executor;
	}

	/**
	 * Has the task run after this call, once however often this is called before it does.
	 */
	void request() {
		if (this.requests.getAndIncrement() == 0) {
			try {
				this.executor.execute(this::runAll);
			}
			catch (RejectedExecutionException ex) {
				// the application stops
				this.requests.set(0);
			}
		}
	}

	private void runAll() {
		int served;
		do {
			served = this.requests.get();
			run();
		}
		while (this.requests.addAndGet(-served) > 0);
	}

	private void run() {
		long pause = RETRY_MILLIS;
		try {
			pause = this.task.getAsLong();
			this.failing = false;
		}
		catch (Throwable ex) {
			if (!this.failing) {
				this.failing = true;
				logger.warn("{}: could not be brought to its size, trying again", this.name.get(), ex);
			}
		}
		finally {
			runAgainIn(pause);
		}
	}

	private void runAgainIn(long millis) {
		CompletableFuture<Void> before = this.timer;
		if (before != null) {
			before.cancel(false);
			this.timer = null;
		}
		if (millis >= 0) {
			this.timer = CompletableFuture.runAsync(this::request,
					CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, this.executor));
		}
	}

}
