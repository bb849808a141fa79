package io.poolwise.advice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link LittlesLaw}.
 */
class LittlesLawTests {

	@Test
	void concurrencyIsThroughputTimesHoldTime() {
		UsageSample sample = new UsageSample(8, 0, 200, Duration.ofSeconds(4), Duration.ofSeconds(1));
		LittlesLaw law = LittlesLaw.of(new UsageWindow(Duration.ofMillis(500), Collections.nCopies(10, sample)));
		assertThat(law.throughput()).isEqualTo(400, within(1e-9));
		assertThat(law.holdSeconds()).isEqualTo(0.02, within(1e-9));
		assertThat(law.waitSeconds()).isEqualTo(0.005, within(1e-9));
		assertThat(law.used()).isEqualTo(8, within(1e-9));
		assertThat(law.demand()).isEqualTo(10, within(1e-9));
		assertThat(law.waiting()).isEqualTo(0.2, within(1e-9));
		assertThat(law.error()).isZero();
		assertThat(law.rounding()).isZero();
	}

	@Test
	void errorIsThatOfWhatTheUsesOfEachSampleTook() {
		List<UsageSample> samples = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			samples.add(new UsageSample(8, 0, 20, Duration.ofSeconds((i % 2 == 0) ? 4 : 12), Duration.ZERO));
		}
		LittlesLaw law = LittlesLaw.of(new UsageWindow(Load.SECOND, samples));
		assertThat(law.used()).isEqualTo(8, within(1e-9));
		// 4 and 12 by turns: variance 16 x 100 / 99, of 100 independent ones
		assertThat(law.error()).isEqualTo(Math.sqrt(16.0 * 100 / 99 / 100), within(1e-9));
	}

	@Test
	void trueMeanLiesWithinTheError() {
		int covered = 0;
		for (int seed = 0; seed < 200; seed++) {
			LittlesLaw law = LittlesLaw.of(new Load(seed).steady(300, 50, 0.1));
			covered += (Math.abs(law.used() - 5) <= PeakDemand.T * law.error()) ? 1 : 0;
		}
		assertThat(covered).isBetween(180, 199);
	}

	@Test
	void whatWasRoundedAwayIsHalfAUnitAUse() {
		UsageSample sample = new UsageSample(2, 0, 400, Duration.ofMillis(1600), Duration.ZERO);
		LittlesLaw law = LittlesLaw
			.of(new UsageWindow(Load.SECOND, Collections.nCopies(10, sample), Duration.ofMillis(1)));
		assertThat(law.holdSeconds()).isEqualTo(0.0045, within(1e-9));
		assertThat(law.used()).isEqualTo(1.8, within(1e-9));
		assertThat(law.rounding()).isEqualTo(0.2, within(1e-9));
	}

	@Test
	void roundingIsNoDisagreement() {
		DemandStatistics samples = new DemandStatistics(100, 2.9, 0, 100);
		assertThat(new LittlesLaw(4000, 0.0005, 0, 0, 0).agreesWith(samples)).isFalse();
		assertThat(new LittlesLaw(4000, 0.0005, 0, 0, 2).agreesWith(samples)).isTrue();
	}

	@Test
	void nothingFollowsFromNoUses() {
		assertThat(LittlesLaw.of(Load.of(8, 8, 8))).isNull();
	}

	@ParameterizedTest
	@CsvSource({
			// mean and variance of 100 samples, against 8 by the law
			"8, 0, true", "8.5, 0, true", "6.5, 0, true", "6.3, 0, false", "9.9, 0, true", "10.1, 0, false",
			"13, 300, true", "13, 270, false", "3, 300, true", "2, 300, false" })
	void agreementIsWithinAFifthOrThreeStandardErrors(double mean, double variance, boolean agrees) {
		DemandStatistics samples = new DemandStatistics(100, mean, variance, 100);
		assertThat(new LittlesLaw(400, 0.02, 0, 0, 0).agreesWith(samples)).isEqualTo(agrees);
	}

	@ParameterizedTest
	@CsvSource({ "0.4, true", "0.6, false" })
	void halfAConnectionIsNoDisagreement(double mean, boolean agrees) {
		DemandStatistics samples = new DemandStatistics(100, mean, 0, 100);
		assertThat(new LittlesLaw(1, 0.01, 0, 0, 0).agreesWith(samples)).isEqualTo(agrees);
	}

}
