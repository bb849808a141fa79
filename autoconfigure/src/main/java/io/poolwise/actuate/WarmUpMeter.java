package io.poolwise.actuate;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolWarmUp.Outcome;

/**
 * A meter of how a pool was filled before the application was ready.
 *
 * @param name the meter's name
 * @param description what it tells
 * @param unit what one of it is
 * @param reading its value
 */
record WarmUpMeter(String name, String description, String unit, ToDoubleFunction<Outcome> reading) {

	/**
	 * All of them.
	 */
	static final List<WarmUpMeter> ALL = List.of(
			new WarmUpMeter("pool.warm.up", "How long it took to open the minimum before the application was ready",
					"seconds", (outcome) -> (double) outcome.took().toNanos() / TimeUnit.SECONDS.toNanos(1)),
			new WarmUpMeter("pool.warm.up.missing", "Connections of the minimum that were not open when warm-up ended",
					"connections", Outcome::missing));

	/**
	 * Registers the meter of one pool.
	 * @param registry where
	 * @param governor asked at each reading
	 * @param pool the pool
	 * @return the gauge, which reads NaN before there is an outcome
	 */
	Gauge register(MeterRegistry registry, PoolGovernor governor, PoolReport pool) {
		return Gauge
			.builder(this.name, () -> governor.warmUp(pool.name()).map(this.reading::applyAsDouble).orElse(Double.NaN))
			.description(this.description)
			.baseUnit(this.unit)
			.tag("pool", pool.name())
			.tag("kind", pool.kind().id())
			.register(registry);
	}

}
