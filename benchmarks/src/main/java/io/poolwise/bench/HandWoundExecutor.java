package io.poolwise.bench;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what should run at a fixed rate when it is told to.
 */
final class HandWoundExecutor extends ScheduledThreadPoolExecutor {

	private Runnable task = () -> {
	};

	HandWoundExecutor() {
		super(1);
	}

	@Override
	public synchronized ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period,
			TimeUnit unit) {
		this.task = command;
		return schedule(() -> {
		}, 0, unit);
	}

	/**
	 * Lets one period pass.
	 */
	synchronized void tick() {
		this.task.run();
	}

}
