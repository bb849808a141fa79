package io.poolwise.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link SaturationWatch}.
 */
class SaturationWatchTests {

	private static final PoolCounts SATURATED = new PoolCounts(21, 0, 21, 1);

	private static final PoolCounts FULL = new PoolCounts(21, 0, 21, 0);

	private final AtomicLong nanos = new AtomicLong();

	@Test
	void countsFromTheFirstLookThatSawThePoolSaturated() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			StubPool pool = pools.admit("primary");
			SaturationWatch watch = new SaturationWatch(pools.governor(), this.nanos::get);
			watch.look();
			assertThat(watch.saturated()).isEmpty();
			pool.counts = SATURATED;
			after(watch, 1);
			assertThat(watch.saturated()).isEqualTo(Map.of("primary", Duration.ZERO));
			after(watch, 30);
			assertThat(watch.saturated()).isEqualTo(Map.of("primary", Duration.ofSeconds(30)));
		}
	}

	@Test
	void aBreakStartsTheCountAgain() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			StubPool pool = pools.admit("primary");
			SaturationWatch watch = new SaturationWatch(pools.governor(), this.nanos::get);
			pool.counts = SATURATED;
			after(watch, 1);
			pool.counts = FULL;
			after(watch, 1);
			assertThat(watch.saturated()).isEmpty();
			pool.counts = SATURATED;
			after(watch, 1);
			after(watch, 2);
			assertThat(watch.saturated()).isEqualTo(Map.of("primary", Duration.ofSeconds(2)));
		}
	}

	@Test
	void aLookThatFailsStartsTheCountAgain() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			StubPool pool = pools.admit("primary");
			SaturationWatch watch = new SaturationWatch(pools.governor(), this.nanos::get);
			pool.counts = SATURATED;
			after(watch, 1);
			pool.counts = null;
			assertThatException().isThrownBy(() -> after(watch, 1));
			assertThat(watch.saturated()).isEmpty();
			pool.counts = SATURATED;
			after(watch, 1);
			assertThat(watch.saturated()).isEqualTo(Map.of("primary", Duration.ZERO));
		}
	}

	private void after(SaturationWatch watch, long seconds) {
		this.nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
		watch.look();
	}

}
