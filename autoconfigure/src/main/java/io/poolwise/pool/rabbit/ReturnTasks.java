package io.poolwise.pool.rabbit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.ShutdownSignalException;

/**
 * What Spring does after a channel came back: it waits for the confirms that are still
 * missing, through the proxy that was given back. If that channel is closed meanwhile,
 * the proxy would open a new one, which nobody would ever give back: so these tasks get
 * none.
 */
final class ReturnTasks {

	// one flag a pool and thread; an instance lives as long as its pool
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<Boolean> working = new ThreadLocal<>();

	/**
	 * Refuses such a task a channel.
	 * @throws AlreadyClosedException if the thread runs one; Spring takes it as the end
	 * of the channel that was given back
	 */
	void refuse() {
		if (this.working.get() != null) {
			throw new AlreadyClosedException(new ShutdownSignalException(false, true, null, null));
		}
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
