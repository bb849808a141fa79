package io.poolwise.actuate;

import java.util.Arrays;
import java.util.stream.Stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolStatus;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.Verdict;

/**
 * The meters of a pool that say which of some words holds: one a word, so that none of
 * them comes and goes. They have no unit.
 */
final class StateMeters {

	/**
	 * How the pool is: 1 for the status that it has, 0 for the others.
	 */
	static final String STATUS = "pool.status";

	/**
	 * Why callers got no connection.
	 */
	static final String POST_MORTEMS = "pool.post.mortems";

	private StateMeters() {
	}

	/**
	 * Registers the meters of one pool.
	 * @param registry where
	 * @param governor asked for the pool at each reading
	 * @param pool the pool
	 * @return the meters
	 */
	static Stream<Meter> register(MeterRegistry registry, PoolGovernor governor, PoolReport pool) {
		Stream<Meter> statuses = Arrays.stream(PoolStatus.values())
			.map((status) -> status(registry, governor, pool, status));
		// nobody judges pools of other kinds
		Stream<Meter> verdicts = (pool.kind() == PoolKind.DATABASE)
				? Arrays.stream(Verdict.values()).map((verdict) -> postMortems(registry, governor, pool, verdict))
				: Stream.empty();
		return Stream.concat(statuses, verdicts);
	}

	private static Meter status(MeterRegistry registry, PoolGovernor governor, PoolReport pool, PoolStatus status) {
		return Gauge
			.builder(STATUS,
					() -> governor.pool(pool.name())
						.map((report) -> (report.status() == status) ? 1.0 : 0.0)
						.orElse(Double.NaN))
			.description("1 for the status that the pool has, 0 for the others")
			.tag("pool", pool.name())
			.tag("kind", pool.kind().id())
			.tag("status", status.id())
			.register(registry);
	}

	private static Meter postMortems(MeterRegistry registry, PoolGovernor governor, PoolReport pool, Verdict verdict) {
		return FunctionCounter
			.builder(POST_MORTEMS, governor,
					(each) -> each.activity(pool.name()).trouble().verdicts().getOrDefault(verdict, 0L))
			.description("Reports on why callers got no connection, at most one a minute, by their verdict")
			.tag("pool", pool.name())
			.tag("kind", pool.kind().id())
			.tag("verdict", verdict.id())
			.register(registry);
	}

}
