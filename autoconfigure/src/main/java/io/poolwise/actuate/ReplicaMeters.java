package io.poolwise.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.StandIn;

/**
 * The counter of callers that another pool served because the server of theirs could not
 * be reached. Goes with the application.
 */
public class ReplicaMeters implements MeterBinder, AutoCloseable {

	/**
	 * Callers that another pool served.
	 */
	public static final String FALLBACKS = "pool.replica.fallbacks";

	private final PoolGovernor governor;

	private final String pool;

	private final Map<MeterRegistry, Meter> meters = new LinkedHashMap<>();

	/**
	 * Creates the meter.
	 * @param governor knows the pools
	 * @param pool the name of the replica's pool
	 */
	public ReplicaMeters(PoolGovernor governor, String pool) {
		this.governor = governor;
		this.pool = pool;
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.meters.computeIfAbsent(registry,
				(key) -> FunctionCounter
					.builder(FALLBACKS, this.governor,
							(each) -> each.activity(this.pool).standIn().map(StandIn::served).orElse(0L))
					.description("Read-only callers served by the primary, since the replica could not be reached")
					.baseUnit("callers")
					.tag("pool", this.pool)
					.tag("kind", PoolKind.DATABASE.id())
					.register(key));
	}

	@Override
	public synchronized void close() {
		this.meters.forEach((registry, meter) -> registry.remove(meter));
		this.meters.clear();
	}

}
