package io.poolwise.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.governor.PoolStatus;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PoolMeters}.
 */
class PoolMetersTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void everyFactOfAPoolHasItsMeter() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			pools.admit("primary").counts = new PoolCounts(10, 7, 3, 5);
			meters.bindTo(this.registry);
			assertThat(value("pool.size", "primary")).isEqualTo(10);
			assertThat(value("pool.free", "primary")).isEqualTo(7);
			assertThat(value("pool.used", "primary")).isEqualTo(3);
			assertThat(value("pool.pending", "primary")).isEqualTo(5);
			assertThat(value("pool.min", "primary")).isEqualTo(10);
			assertThat(value("pool.max", "primary")).isEqualTo(21);
			assertThat(value("pool.target", "primary")).isEqualTo(21);
			assertThat(value("pool.budget", "primary")).isEqualTo(87);
			assertThat(value("pool.allotment", "primary")).isEqualTo(21);
			assertThat(value("pool.server.limit", "primary")).isEqualTo(97);
			assertThat(value("pool.server.connections", "primary")).isNaN();
			assertThat(this.registry.get(PoolMeters.FLEET_MEMBERS).gauge().value()).isEqualTo(3);
			assertThat(this.registry.getMeters()).allSatisfy((meter) -> {
				assertThat(meter.getId().getDescription()).isNotBlank();
				boolean word = meter.getId().getTag("status") != null || meter.getId().getTag("verdict") != null;
				assertThat(word || meter.getId().getBaseUnit() != null).as(meter.getId().getName()).isTrue();
			});
		}
	}

	@Test
	void callersThatGotNoConnectionAreCounted() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			StubPool pool = pools.admit("primary");
			meters.bindTo(this.registry);
			assertThat(count("pool.refused")).isZero();
			pool.trouble = new PoolTrouble(7, 4, null);
			assertThat(count("pool.refused")).isEqualTo(7);
			assertThat(count("pool.timeouts")).isEqualTo(4);
		}
	}

	@Test
	void recycledConnectionsAreCounted() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			StubPool pool = pools.admit("primary");
			meters.bindTo(this.registry);
			assertThat(count("pool.recycled")).isZero();
			pool.recycled = 3;
			assertThat(count("pool.recycled")).isEqualTo(3);
		}
	}

	@Test
	void connectsAndNewSizesAreCounted() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			StubPool pool = pools.admit("primary");
			meters.bindTo(this.registry);
			assertThat(count("pool.connects")).isZero();
			assertThat(count("pool.resizes")).isZero();
			pool.connects = new PoolConnects(9, 2);
			pools.admit("second");
			assertThat(count("pool.connects")).isEqualTo(9);
			assertThat(count("pool.connect.failures")).isEqualTo(2);
			assertThat(count("pool.resizes")).isEqualTo(1);
		}
	}

	@Test
	void eachStatusHasItsMeterAndOneOfThemHolds() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			StubPool pool = pools.admit("primary");
			meters.bindTo(this.registry);
			assertThat(this.registry.get("pool.status").gauges()).hasSize(PoolStatus.values().length);
			assertThat(status("healthy")).isEqualTo(1);
			pool.counts = new PoolCounts(21, 0, 21, 4);
			assertThat(status("saturated")).isEqualTo(1);
			assertThat(status("healthy")).isZero();
		}
	}

	private double status(String status) {
		return this.registry.get("pool.status").tag("pool", "primary").tag("status", status).gauge().value();
	}

	@Test
	void reportsAreCountedByTheirVerdict() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			StubPool pool = pools.admit("primary");
			meters.bindTo(this.registry);
			assertThat(this.registry.get("pool.post.mortems").functionCounters()).hasSize(Verdict.values().length);
			pool.trouble = new PoolTrouble(0, 4, null, Map.of(Verdict.LEAK, 2L));
			assertThat(this.registry.get("pool.post.mortems").tag("verdict", "leak").functionCounter().count())
				.isEqualTo(2);
			assertThat(this.registry.get("pool.post.mortems").tag("verdict", "cold").functionCounter().count())
				.isZero();
		}
	}

	@Test
	void clientsOfTheServerAreAskedForInTheBackground() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			pools.admit("primary").serverConnections = OptionalInt.of(42);
			meters.bindTo(this.registry);
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(value("pool.server.connections", "primary")).isEqualTo(42));
		}
	}

	private double count(String meter) {
		return this.registry.get(meter).tags("pool", "primary", "kind", "database").functionCounter().count();
	}

	@Test
	void whatIsNotKnownIsNotANumber() {
		try (StubPools pools = new StubPools(FleetPolicy.blind());
				PoolMeters meters = new PoolMeters(pools.governor())) {
			pools.admit("primary", PoolKind.DATABASE, StubPools.UNKNOWN);
			meters.bindTo(this.registry);
			assertThat(value("pool.budget", "primary")).isNaN();
			assertThat(value("pool.allotment", "primary")).isNaN();
			assertThat(this.registry.get(PoolMeters.FLEET_MEMBERS).gauge().value()).isNaN();
		}
	}

	@Test
	void poolsThatComeAfterTheRegistryAreFollowed() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			meters.bindTo(this.registry);
			assertThat(this.registry.find("pool.size").gauges()).isEmpty();
			pools.admit("primary");
			pools.admit("sessions", PoolKind.REDIS, StubPools.UNKNOWN);
			assertThat(this.registry.get("pool.size").tags("pool", "primary", "kind", "database").gauge().value())
				.isZero();
			assertThat(this.registry.get("pool.size").tags("pool", "sessions", "kind", "redis").gauge().value())
				.isZero();
		}
	}

	@Test
	void poolsThatGoTakeTheirMetersAlong() {
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			pools.admit("primary");
			pools.admit("archive");
			meters.bindTo(this.registry);
			pools.governor().dismiss("archive");
			assertThat(this.registry.get("pool.size").gauges()).extracting((gauge) -> gauge.getId().getTag("pool"))
				.containsExactly("primary");
			pools.admit("archive");
			assertThat(this.registry.get("pool.size").gauges()).hasSize(2);
		}
	}

	@Test
	void closingLeavesNothingInASharedRegistry() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			pools.admit("primary");
			PoolMeters meters = new PoolMeters(pools.governor());
			SimpleMeterRegistry second = new SimpleMeterRegistry();
			List.of(this.registry, second).forEach(meters::bindTo);
			assertThat(second.getMeters()).hasSameSizeAs(this.registry.getMeters()).isNotEmpty();
			meters.close();
			assertThat(this.registry.getMeters()).isEmpty();
			assertThat(second.getMeters()).isEmpty();
			pools.admit("archive");
			assertThat(this.registry.getMeters()).isEmpty();
		}
	}

	@Test
	void prometheusShowsZeroBeforeThePoolHasStarted() {
		PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (StubPools pools = new StubPools(StubPools.THREE); PoolMeters meters = new PoolMeters(pools.governor())) {
			pools.admit("primary");
			meters.bindTo(prometheus);
			String tags = "{kind=\"database\",pool=\"primary\"} ";
			assertThat(prometheus.scrape().lines()).contains("pool_size_connections" + tags + "0.0",
					"pool_used_connections" + tags + "0.0", "pool_free_connections" + tags + "0.0",
					"pool_pending_callers" + tags + "0.0", "pool_min_connections" + tags + "10.0",
					"pool_max_connections" + tags + "21.0", "pool_target_connections" + tags + "21.0",
					"pool_budget_connections" + tags + "87.0", "pool_allotment_connections" + tags + "21.0",
					"pool_refused_callers_total" + tags + "0.0", "pool_timeouts_callers_total" + tags + "0.0",
					"pool_fleet_members 3.0");
		}
	}

	private double value(String meter, String pool) {
		Gauge gauge = this.registry.get(meter).tags("pool", pool, "kind", "database").gauge();
		return gauge.value();
	}

}
