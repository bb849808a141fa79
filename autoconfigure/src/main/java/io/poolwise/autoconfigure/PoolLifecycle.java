package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolGovernor;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Pauses the governor while the application context is stopped, as it is for a
 * checkpoint: after everything that uses a pool, and after the pools' own lifecycles. A
 * context that is being closed has its pools closed next, and they may be in use until
 * then.
 */
class PoolLifecycle implements SmartLifecycle {

	private final ConfigurableApplicationContext context;

	private final PoolGovernor governor;

	private volatile boolean running;

	PoolLifecycle(ConfigurableApplicationContext context, PoolGovernor governor) {
		this.context = context;
		this.governor = governor;
	}

	@Override
	public void start() {
		this.running = true;
		this.governor.resume();
	}

	@Override
	public void stop() {
		this.running = false;
		if (!this.context.isClosed()) {
			this.governor.pause();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

}
