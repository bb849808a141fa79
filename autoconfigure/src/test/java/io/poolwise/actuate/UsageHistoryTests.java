package io.poolwise.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.poolwise.advice.Advice;
import io.poolwise.advice.UsageSample;
import io.poolwise.advice.UsageWindow;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link UsageHistory}.
 */
class UsageHistoryTests {

	@Test
	void keepsTheLastHalfHourAndShowsTheLastMinutes() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			StubPool pool = pools.admit("primary");
			UsageHistory history = new UsageHistory(pools.governor(), UsageMeter.NONE);
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
	void takesWhatCallersDidBetweenTwoSamples() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("primary");
			AtomicReference<UsageTotals> totals = new AtomicReference<>(new UsageTotals(1000, 5_000_000_000L, 7));
			UsageHistory history = new UsageHistory(pools.governor(), (pool) -> totals.get());
			history.sample();
			totals.set(new UsageTotals(1020, 5_400_000_000L, 1_000_007));
			history.sample();
			// nobody measures for a moment, then a registry that has begun anew
			totals.set(null);
			history.sample();
			totals.set(new UsageTotals(1100, 9_000_000_000L, 2_000_007));
			history.sample();
			totals.set(new UsageTotals(3, 3_000_000, 0));
			history.sample();
			totals.set(new UsageTotals(4, 13_000_000, 500));
			history.sample();
			UsageSample nothing = UsageSample.of(0, 0);
			UsageWindow window = history.window("primary");
			assertThat(window.rounding()).isEqualTo(Duration.ofMillis(1));
			assertThat(window.samples()).containsExactly(nothing,
					new UsageSample(0, 0, 20, Duration.ofMillis(400), Duration.ofMillis(1)), nothing, nothing, nothing,
					new UsageSample(0, 0, 1, Duration.ofMillis(10), Duration.ofNanos(500)));
		}
	}

	@Test
	void judgesAgainAfterSomeSamples() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("primary").counts = new PoolCounts(8, 0, 8, 0);
			UsageHistory history = new UsageHistory(pools.governor(), UsageMeter.NONE);
			sample(history, 100);
			Advice first = history.advice("primary");
			assertThat(first).isInstanceOf(Advice.Sizes.class);
			sample(history, UsageHistory.ADVICE_KEPT - 1);
			assertThat(history.advice("primary")).isSameAs(first);
			history.sample();
			assertThat(history.advice("primary").reasons().get(0)).startsWith("110 samples over 110 s");
			pools.governor().dismiss("primary");
			history.sample();
			assertThat(history.advice("primary")).isInstanceOf(Advice.NotEnoughData.class);
		}
	}

	@Test
	void goesOnAfterASampleThatFailed() {
		ScheduledThreadPoolExecutor hurried = new ScheduledThreadPoolExecutor(1) {

			@Override
			public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
				return super.scheduleAtFixedRate(task, 1, 1, TimeUnit.MILLISECONDS);
			}

		};
		AtomicInteger asked = new AtomicInteger();
		UsageMeter failsTwice = (pool) -> {
			if (asked.incrementAndGet() < 3) {
				throw new IllegalStateException("this failure is on purpose");
			}
			return null;
		};
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("primary");
			try (UsageHistory history = new UsageHistory(pools.governor(), failsTwice, hurried)) {
				await().until(() -> !history.window("primary").samples().isEmpty());
			}
		}
		finally {
			hurried.shutdownNow();
		}
	}

	@Test
	void sampleThatFailsIsMissingOfEveryPoolAndWhatWasDoneInTheGapIsNotCounted() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("first");
			StubPool second = pools.admit("second");
			AtomicInteger seconds = new AtomicInteger();
			UsageHistory history = new UsageHistory(pools.governor(),
					(pool) -> new UsageTotals(10L * seconds.get(), 0, 0));
			for (int i = 1; i <= 6; i++) {
				seconds.set(i);
				second.counts = (i == 3 || i == 4) ? null : PoolCounts.EMPTY;
				if (second.counts == null) {
					assertThatException().isThrownBy(history::sample);
				}
				else {
					history.sample();
				}
			}
			for (String pool : List.of("first", "second")) {
				assertThat(history.window(pool).samples()).extracting(UsageSample::completed)
					.as(pool)
					.containsExactly(0L, 10L, 0L, 10L);
			}
		}
	}

	private static void sample(UsageHistory history, int times) {
		for (int i = 0; i < times; i++) {
			history.sample();
		}
	}

	@Test
	void forgetsAPoolThatWent() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("primary");
			UsageHistory history = new UsageHistory(pools.governor(), UsageMeter.NONE);
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
