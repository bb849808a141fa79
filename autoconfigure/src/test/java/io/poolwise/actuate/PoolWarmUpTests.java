package io.poolwise.actuate;

import java.time.Duration;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.poolwise.governor.PoolWarmUp;
import io.poolwise.governor.WarmUpSettings;
import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of filling pools in time, and of what is told of it.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolWarmUpTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void fullPoolIsWarm(CapturedOutput output) throws InterruptedException {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			PoolWarmUp warmUp = new PoolWarmUp(pools.governor(), (pool) -> settings(true, Duration.ofSeconds(50)));
			try (PoolMeters meters = new PoolMeters(pools.governor())) {
				pools.admit("primary").counts = new PoolCounts(10, 7, 3, 0);
				meters.bindTo(this.registry);
				assertThat(value("pool.warm.up")).isNaN();
				assertThat(value("pool.warm.up.missing")).isNaN();
				warmUp.run();
				assertThat(value("pool.warm.up")).isNotNegative();
				assertThat(value("pool.warm.up.missing")).isZero();
				assertThat(output).contains("primary: warm after ");
			}
		}
	}

	@Test
	void applicationStartsAnywayWhenTheTimeIsOver(CapturedOutput output) throws InterruptedException {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			PoolWarmUp warmUp = new PoolWarmUp(pools.governor(), (pool) -> settings(true, Duration.ofMillis(200)));
			try (PoolMeters meters = new PoolMeters(pools.governor())) {
				pools.admit("primary").counts = new PoolCounts(4, 1, 3, 0);
				meters.bindTo(this.registry);
				warmUp.run();
				assertThat(value("pool.warm.up")).isGreaterThanOrEqualTo(0.2);
				assertThat(value("pool.warm.up.missing")).isEqualTo(6);
				assertThat(output).contains("WARN").contains("primary: 6 connections were missing after ");
			}
		}
	}

	@Test
	void poolsThatAreSwitchedOffAreLeftAlone() throws InterruptedException {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			PoolWarmUp warmUp = new PoolWarmUp(pools.governor(), (pool) -> WarmUpSettings.OFF);
			pools.admit("primary");
			warmUp.run();
			assertThat(pools.governor().warmUp("primary")).isEmpty();
		}
	}

	@Test
	void settingsThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings(true, Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> new WarmUpSettings(true, Duration.ofSeconds(1), 0));
	}

	private double value(String meter) {
		return this.registry.get(meter).tags("pool", "primary", "kind", "database").gauge().value();
	}

	private static WarmUpSettings settings(boolean enabled, Duration timeout) {
		return new WarmUpSettings(enabled, timeout, 200);
	}

}
