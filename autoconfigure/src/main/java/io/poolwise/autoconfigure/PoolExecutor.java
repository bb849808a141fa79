package io.poolwise.autoconfigure;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that read limits and retire connections: two, so that a server that is slow
 * to answer holds up no return.
 */
final class PoolExecutor {

	private PoolExecutor() {
	}

	/**
	 * Creates the executor. What comes after its shutdown is dropped: connections come
	 * back until the last moment.
	 */
	static ScheduledExecutorService create() {
		AtomicInteger number = new AtomicInteger();
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2, (task) -> {
			Thread thread = new Thread(task, "poolwise-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		executor.setRemoveOnCancelPolicy(true);
		return executor;
	}

}
