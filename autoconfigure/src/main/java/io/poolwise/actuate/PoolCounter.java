package io.poolwise.actuate;

import java.util.List;
import java.util.function.ToDoubleBiFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;

/**
 * A counter that every pool has.
 *
 * @param name the meter's name
 * @param description what it counts
 * @param unit what one of it is
 * @param reading its value, of a pool by its name
 */
record PoolCounter(String name, String description, String unit, ToDoubleBiFunction<PoolGovernor, String> reading) {

	/**
	 * All of them.
	 */
	static final List<PoolCounter> ALL = List.of(
			new PoolCounter("pool.refused", "Callers refused at once, since too many waited already", "callers",
					(governor, pool) -> governor.activity(pool).trouble().refused()),
			new PoolCounter("pool.timeouts", "Callers that waited for the whole acquire timeout in vain", "callers",
					(governor, pool) -> governor.activity(pool).trouble().timeouts()),
			new PoolCounter("pool.resizes", "How often the pool was told another size than it had", "resizes",
					PoolGovernor::resizes),
			new PoolCounter("pool.connects", "Connections opened to the server (for RabbitMQ, to the broker)",
					"connects", (governor, pool) -> governor.activity(pool).connects().made()),
			new PoolCounter("pool.connect.failures", "Attempts to open a connection that failed", "failures",
					(governor, pool) -> governor.activity(pool).connects().failed()),
			new PoolCounter("pool.recycled",
					"Connections closed and replaced since they had run as many statements as they may", "connections",
					(governor, pool) -> governor.activity(pool).recycled()));

	/**
	 * Registers the meter of one pool.
	 * @param registry where
	 * @param governor asked for the pool at each reading
	 * @param pool the pool
	 * @return the counter
	 */
	Meter register(MeterRegistry registry, PoolGovernor governor, PoolReport pool) {
		return FunctionCounter.builder(this.name, governor, (each) -> this.reading.applyAsDouble(each, pool.name()))
			.description(this.description)
			.baseUnit(this.unit)
			.tag("pool", pool.name())
			.tag("kind", pool.kind().id())
			.register(registry);
	}

}
