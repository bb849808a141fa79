package io.poolwise.actuate;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolTrouble;

/**
 * A counter that every pool has: of callers that got no connection.
 *
 * @param name the meter's name
 * @param description what it counts
 * @param reading its value
 */
record TroubleMeter(String name, String description, ToDoubleFunction<PoolTrouble> reading) {

	/**
	 * All of them.
	 */
	static final List<TroubleMeter> ALL = List.of(
			new TroubleMeter("pool.refused", "Callers refused at once, since too many waited already",
					PoolTrouble::refused),
			new TroubleMeter("pool.timeouts", "Callers that waited for the whole acquire timeout in vain",
					PoolTrouble::timeouts));

	/**
	 * Registers the meter of one pool.
	 * @param registry where
	 * @param governor asked for the pool at each reading
	 * @param pool the pool
	 * @return the counter
	 */
	Meter register(MeterRegistry registry, PoolGovernor governor, PoolReport pool) {
		return FunctionCounter
			.builder(this.name, governor, (each) -> this.reading.applyAsDouble(each.trouble(pool.name())))
			.description(this.description)
			.baseUnit("callers")
			.tag("pool", pool.name())
			.tag("kind", pool.kind().id())
			.register(registry);
	}

}
