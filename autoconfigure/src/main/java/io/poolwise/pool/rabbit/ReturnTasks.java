package io.poolwise.pool.rabbit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.ShutdownSignalException;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * What Spring does when a channel comes back and after that: it asks and waits for the
 * confirms that are still missing, through the proxy that was given back. If that channel
 * is closed meanwhile, the proxy would open a new one, which nobody would ever give back:
 * so there is none for it.
 */
final class ReturnTasks {

	private static final StackWalker stack = StackWalker.getInstance();

	// Spring's method, and at most how many frames lie between it and this class
	private static final String RETURN = "returnToCache";

	private static final int FRAMES = 40;

	// one flag a pool and thread; an instance lives as long as its pool
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<Boolean> working = new ThreadLocal<>();

	/**
	 * Refuses a channel to such a task, and to a borrower who is giving one back. There
	 * is no call of Spring's that tells of the latter, so the stack is read; that costs
	 * little beside the way to the broker that opening a channel is.
	 * @throws AlreadyClosedException if the thread does either; Spring takes it as the
	 * end of the channel that was given back
	 */
	void refuse() {
		if (this.working.get() != null || isReturning()) {
			throw new AlreadyClosedException(new ShutdownSignalException(false, true, null, null));
		}
	}

	private static boolean isReturning() {
		String factory = CachingConnectionFactory.class.getName();
		return stack.walk((frames) -> frames.limit(FRAMES)
			.anyMatch((frame) -> frame.getMethodName().equals(RETURN) && frame.getClassName().startsWith(factory)));
	}

	/**
	 * Runs such tasks on the threads of another executor.
	 * @param threads the other executor
	 * @return an executor for tasks that get no channel
	 */
	ExecutorService on(ExecutorService threads) {
		return new Marking(threads);
	}

	private void run(Runnable task) {
		this.working.set(Boolean.TRUE);
		try {
			task.run();
		}
		finally {
			this.working.remove();
		}
	}

	private final class Marking extends AbstractExecutorService {

		private final ExecutorService threads;

		Marking(ExecutorService threads) {
			this.threads = threads;
		}

		@Override
		public void execute(Runnable task) {
			this.threads.execute(() -> ReturnTasks.this.run(task));
		}

		@Override
		public void shutdown() {
			this.threads.shutdown();
		}

		@Override
		public List<Runnable> shutdownNow() {
			return this.threads.shutdownNow();
		}

		@Override
		public boolean isShutdown() {
			return this.threads.isShutdown();
		}

		@Override
		public boolean isTerminated() {
			return this.threads.isTerminated();
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
			return this.threads.awaitTermination(timeout, unit);
		}

	}

}
