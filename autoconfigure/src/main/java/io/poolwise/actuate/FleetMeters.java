package io.poolwise.actuate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.PoolGovernor;

/**
 * Meters of how the size of the fleet is known, tagged {@code mode} and {@code profile}:
 * 1 for the mode in force, 0 for the others. They go with the application.
 */
public class FleetMeters implements MeterBinder, AutoCloseable {

	/**
	 * How the size of the fleet is known.
	 */
	public static final String MODE = "pool.fleet.mode";

	private final PoolGovernor governor;

	private final String profile;

	private final Map<MeterRegistry, List<Meter>> meters = new LinkedHashMap<>();

	/**
	 * Creates the meters.
	 * @param governor knows the fleet
	 * @param profile the profile whose defaults are in force
	 */
	public FleetMeters(PoolGovernor governor, String profile) {
		this.governor = governor;
		this.profile = profile;
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.meters.computeIfAbsent(registry,
				(key) -> Arrays.stream(FleetMode.values()).map((mode) -> mode(key, mode)).toList());
	}

	private Meter mode(MeterRegistry registry, FleetMode mode) {
		return Gauge.builder(MODE, this.governor, (governor) -> (governor.fleet().mode() == mode) ? 1 : 0)
			.description("1 for the mode in which the size of the fleet is known, 0 for the others")
			.tag("mode", mode.id())
			.tag("profile", this.profile)
			.register(registry);
	}

	@Override
	public synchronized void close() {
		this.meters.forEach((registry, meters) -> meters.forEach(registry::remove));
		this.meters.clear();
	}

}
