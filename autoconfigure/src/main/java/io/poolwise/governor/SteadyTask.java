package io.poolwise.governor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A task that is repeated, and that no exception or error ends: a scheduler ends what
 * throws. The first failure of a row is a warning, those that follow are for debugging.
 * For one thread at a time.
 */
public final class SteadyTask implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(SteadyTask.class);

	private final String failure;

	private final Runnable task;

	private boolean failing;

	/**
	 * Creates a task.
	 * @param failure what to say when it fails, one sentence without its full stop
	 * @param task what is done
	 */
	public SteadyTask(String failure, Runnable task) {
		this.failure = failure;
		this.task = task;
	}

	@Override
	public void run() {
		try {
			this.task.run();
			this.failing = false;
		}
		catch (RuntimeException | Error ex) {
			logger.atLevel(this.failing ? Level.DEBUG : Level.WARN).setCause(ex).log(this.failure);
			this.failing = true;
		}
	}

}
