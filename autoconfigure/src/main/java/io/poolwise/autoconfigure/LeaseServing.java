package io.poolwise.autoconfigure;

import java.util.function.Consumer;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Tells the leases when the application context is complete, and when it is being closed.
 */
class LeaseServing implements ApplicationListener<ApplicationContextEvent> {

	private final ApplicationContext context;

	private final Consumer<Boolean> serve;

	/**
	 * Creates the listener.
	 * @param context the context in which the pools are
	 * @param serve told whether the application has traffic
	 */
	LeaseServing(ApplicationContext context, Consumer<Boolean> serve) {
		this.context = context;
		this.serve = serve;
	}

	@Override
	public void onApplicationEvent(ApplicationContextEvent event) {
		boolean started = event instanceof ContextRefreshedEvent;
		if (event.getApplicationContext() == this.context && (started || event instanceof ContextClosedEvent)) {
			this.serve.accept(started);
		}
	}

}
