package io.poolwise.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.SteadyTask;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Out of service while a pool has been saturated for longer than a grace period. Meant
 * for readiness alone.
 */
public class SaturationHealthIndicator extends AbstractHealthIndicator implements AutoCloseable {

	private static final long LOOKS_PER_GRACE = 10;

	private static final Duration LONGEST_BREAK = Duration.ofSeconds(1);

	private final SaturationWatch watch;

	private final Duration grace;

	private final ScheduledExecutorService executor;

	private final Future<?> looks;

	/**
	 * Creates an indicator and begins to look at the pools.
	 * @param governor knows the pools
	 * @param grace how long a pool may be saturated, above zero
	 */
	public SaturationHealthIndicator(PoolGovernor governor, Duration grace) {
		super("The saturation of the pools could not be read");
		this.watch = new SaturationWatch(governor, System::nanoTime);
		this.grace = grace;
		this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "poolwise-saturation");
			thread.setDaemon(true);
			return thread;
		});
		long millis = Math.max(1, Math.min(grace.toMillis() / LOOKS_PER_GRACE, LONGEST_BREAK.toMillis()));
		this.looks = this.executor.scheduleWithFixedDelay(
				new SteadyTask("Whether pools are saturated is not known now", this.watch::look), 0, millis,
				TimeUnit.MILLISECONDS);
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Map<String, Duration> saturated = this.watch.saturated();
		saturated.forEach((pool, time) -> builder.withDetail(pool, "saturated for " + time.toSeconds() + " s"));
		boolean tooLong = saturated.values().stream().anyMatch((time) -> time.compareTo(this.grace) > 0);
		builder.status(tooLong ? Status.OUT_OF_SERVICE : Status.UP);
	}

	@Override
	public void close() {
		this.looks.cancel(true);
		this.executor.shutdownNow();
	}

}
