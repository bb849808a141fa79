package io.poolwise.actuate;

import java.util.List;
import java.util.Map;

import io.poolwise.advice.UsageSample;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsageHistory}.
 */
class UsageHistoryTests {

	@Test
	void keepsTheLastHalfHourAndShowsTheLastMinutes() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			StubPool pool = pools.admit("primary");
			UsageHistory history = new UsageHistory(pools.governor());
			for (int i = 1; i <= UsageHistory.KEPT + 2; i++) {
				pool.counts = new PoolCounts(i, 0, i, 1);
				history.sample();
			}
			List<UsageSample> samples = history.window("primary").samples();
			assertThat(samples).hasSize(UsageHistory.KEPT)
				.startsWith(UsageSample.of(3, 1), UsageSample.of(4, 1))
				.endsWith(UsageSample.of(UsageHistory.KEPT + 2, 1));
			assertThat(history.recent()).containsEntry("interval_ms", 1000L);
			assertThat(used(history)).hasSize(UsageHistory.SHOWN)
				.endsWith(UsageHistory.KEPT + 1, UsageHistory.KEPT + 2);
		}
	}

	@Test
	void forgetsAPoolThatWent() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("primary");
			UsageHistory history = new UsageHistory(pools.governor());
			history.sample();
			pools.governor().dismiss("primary");
			history.sample();
			assertThat(history.recent()).containsEntry("pools", Map.of());
			assertThat(history.window("primary").samples()).isEmpty();
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Integer> used(UsageHistory history) {
		Map<String, Map<String, List<Integer>>> pools = (Map<String, Map<String, List<Integer>>>) history.recent()
			.get("pools");
		return pools.get("primary").get("used");
	}

}
