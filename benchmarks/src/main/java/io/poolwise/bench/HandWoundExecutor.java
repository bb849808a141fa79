package io.poolwise.bench;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what should run at a fixed rate when it is told to.
 */
final class HandWoundExecutor extends ScheduledThreadPoolExecutor {

	private final CopyOnWriteArrayList<Runnable> tasks = new CopyOnWriteArrayList<>();

	HandWoundExecutor() {
		super(2, (task) -> {
			Thread thread = new Thread(task, "hand-wound");
			thread.setDaemon(true);
			return thread;
		}, new DiscardPolicy());
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
		this.tasks.add(command);
		return schedule(() -> {
		}, 0, unit);
	}

	/**
	 * Lets one period of each task pass.
	 */
	void tick() {
		this.tasks.forEach(Runnable::run);
	}

}
