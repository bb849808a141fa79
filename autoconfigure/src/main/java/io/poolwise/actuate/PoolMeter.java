package io.poolwise.actuate;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.poolwise.budget.Budget;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import org.jspecify.annotations.Nullable;

/**
 * A meter that every pool has.
 *
 * @param name the meter's name
 * @param description what it counts
 * @param unit what one of it is
 * @param reading its value in a report, NaN where it is not known
 */
record PoolMeter(String name, String description, String unit, ToDoubleFunction<PoolReport> reading) {

	private static final String CONNECTIONS = "connections";

	/**
	 * All of them. Connections are channels for RabbitMQ: one name must have one unit.
	 */
	static final List<PoolMeter> ALL = List.of(
			new PoolMeter("pool.size", "Connections (channels for RabbitMQ) that are open or being opened", CONNECTIONS,
					(pool) -> pool.actual().size()),
			new PoolMeter("pool.used", "Connections that are borrowed", CONNECTIONS, (pool) -> pool.actual().used()),
			new PoolMeter("pool.free", "Connections that can be borrowed now", CONNECTIONS,
					(pool) -> pool.actual().free()),
			new PoolMeter("pool.pending", "Callers that wait for a connection", "callers",
					(pool) -> pool.actual().pending()),
			new PoolMeter("pool.min", "Connections that the pool was told to keep open", CONNECTIONS,
					(pool) -> pool.target().min()),
			new PoolMeter("pool.max", "Connections that the pool was told to have at most in steady use", CONNECTIONS,
					(pool) -> pool.target().max()),
			new PoolMeter("pool.target", "Connections that the pool was told never to exceed, its overflow included",
					CONNECTIONS, (pool) -> pool.target().ceiling()),
			new PoolMeter("pool.budget", "Connections that the whole fleet may open on the pool's server", CONNECTIONS,
					(pool) -> budget(pool.budget())),
			new PoolMeter("pool.allotment", "Connections that the budget allots this pool", CONNECTIONS,
					(pool) -> allotment(pool.allotment())),
			new PoolMeter("pool.server.limit", "Connections that the pool's server grants to all its clients",
					CONNECTIONS, (pool) -> limit(pool.budget())));

	/**
	 * Registers the meter of one pool.
	 * @param registry where
	 * @param governor asked for the pool at each reading
	 * @param pool the pool
	 * @return the gauge
	 */
	Gauge register(MeterRegistry registry, PoolGovernor governor, PoolReport pool) {
		return Gauge
			.builder(this.name, () -> governor.pool(pool.name()).map(this.reading::applyAsDouble).orElse(Double.NaN))
			.description(this.description)
			.baseUnit(this.unit)
			.tag("pool", pool.name())
			.tag("kind", pool.kind().id())
			.register(registry);
	}

	private static double budget(@Nullable Budget budget) {
		return (budget != null) ? budget.connections() : Double.NaN;
	}

	private static double limit(@Nullable Budget budget) {
		return (budget != null) ? budget.limit().connections() : Double.NaN;
	}

	private static double allotment(@Nullable Integer allotment) {
		return (allotment != null) ? allotment : Double.NaN;
	}

}
