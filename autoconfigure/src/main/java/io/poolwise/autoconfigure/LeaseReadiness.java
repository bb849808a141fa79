package io.poolwise.autoconfigure;

import java.util.Map;
import java.util.function.Supplier;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Takes the application out of readiness while a pool must lease and can't, so that
 * nobody sends it requests that could only fail. At its end, Spring Boot says that the
 * start is over: then it is said again.
 */
class LeaseReadiness implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private final ApplicationContext context;

	private final Supplier<Map<String, String>> refusals;

	private boolean started;

	private boolean refusing;

	/**
	 * Creates the listener.
	 * @param context told of changes
	 * @param refusals the pools that must lease and can't, each with the reason
	 */
	LeaseReadiness(ApplicationContext context, Supplier<Map<String, String>> refusals) {
		this.context = context;
		this.refusals = refusals;
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		synchronized (this) {
			this.started |= event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		}
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC && !this.refusals.get().isEmpty()) {
			publish(ReadinessState.REFUSING_TRAFFIC);
		}
	}

	/**
	 * A pool is refused, or isn't any more.
	 */
	void changed() {
		boolean refused = !this.refusals.get().isEmpty();
		boolean news;
		synchronized (this) {
			news = refused != this.refusing;
			this.refusing = refused;
			news &= this.started;
		}
		if (news) {
			publish(refused ? ReadinessState.REFUSING_TRAFFIC : ReadinessState.ACCEPTING_TRAFFIC);
		}
	}

	private void publish(ReadinessState state) {
		if (this.context instanceof ConfigurableApplicationContext running && running.isActive()) {
			AvailabilityChangeEvent.publish(this.context, state);
		}
	}

}
