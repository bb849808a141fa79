package io.poolwise.autoconfigure;

import io.poolwise.fleet.LeasedServers;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Tells the leases when the application context is complete, and when it is being closed.
 */
final class LeaseServing implements ApplicationListener<ApplicationContextEvent> {

	private final ApplicationContext context;

	private final LeasedServers leases;

	LeaseServing(ApplicationContext context, LeasedServers leases) {
		this.context = context;
		this.leases = leases;
	}

	@Override
	public void onApplicationEvent(ApplicationContextEvent event) {
		boolean started = event instanceof ContextRefreshedEvent;
		if (event.getApplicationContext() == this.context && (started || event instanceof ContextClosedEvent)) {
			this.leases.serve(started);
		}
	}

}
