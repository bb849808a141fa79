package io.poolwise.advice;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link PeakDemand} and {@link DemandStatistics}.
 */
class PeakDemandTests {

	@Test
	void squareRootOfTheLoadIsAddedToIt() {
		PeakDemand peak = PeakDemand.of(new double[0], new DemandStatistics(100, 9, 9, 1e2), 9);
		// 9 + 2.326 x 3 = 15.98, +- 2.093 x 3 x sqrt((1 + 2.326^2 / 2) / 100) = 1.21
		assertThat(peak.range()).isEqualTo(new SizeRange(15, 18));
		assertThat(peak.distributionFree()).isFalse();
		assertThat(peak.reason())
			.isEqualTo("in 99 of 100 moments at most 15 to 18 connections: 9.0 + 2.326 x sqrt(1.00 x 9.0) = 16.0");
	}

	@Test
	void orderStatisticsTakeOverWhereTheyExist() {
		double[] rising = new double[1000];
		Arrays.setAll(rising, (i) -> i + 1);
		PeakDemand peak = PeakDemand.of(rising, new DemandStatistics(1000, 500.5, 1, 1000), 500.5);
		// Of 1000, 4 to 17 lie above: P(K <= 3) = 0.0101, P(K <= 4) = 0.0287;
		// P(K <= 16) = 0.974, P(K <= 17) = 0.987
		assertThat(peak.range()).isEqualTo(new SizeRange(983, 997));
		assertThat(peak.distributionFree()).isTrue();
		assertThat(PeakDemand.of(rising, new DemandStatistics(1000, 500.5, 1, 367), 500.5).distributionFree())
			.isFalse();
		PeakDemand fewer = PeakDemand.of(rising, new DemandStatistics(1000, 500.5, 1, 368), 500.5);
		assertThat(fewer.distributionFree()).isTrue();
		assertThat(fewer.range().high()).isEqualTo(1000);
	}

	@Test
	void veryLongWindowIsStillExact() {
		double[] rising = new double[200_000];
		Arrays.setAll(rising, (i) -> i + 1);
		PeakDemand peak = PeakDemand.of(rising, new DemandStatistics(200_000, 100_000, 1, 200_000), 100_000);
		// 2000 +- 1.96 x 44.5 above
		assertThat(peak.range().low()).isBetween(197_910, 197_914);
		assertThat(peak.range().high()).isBetween(198_086, 198_090);
	}

	@Test
	void statisticsOfAWorkedExample() {
		DemandStatistics statistics = DemandStatistics.of(new double[] { 2, 4, 4, 4, 5, 5, 7, 9 });
		assertThat(statistics.mean()).isEqualTo(5, within(1e-12));
		assertThat(statistics.variance()).isEqualTo(32.0 / 7, within(1e-12));
		assertThat(statistics.dispersion()).isEqualTo(32.0 / 35, within(1e-12));
		assertThat(DemandStatistics.of(new double[] { 3 }).variance()).isZero();
		assertThat(DemandStatistics.of(new double[] { 3, 3, 3 }).effectiveCount()).isEqualTo(3);
		assertThat(DemandStatistics.of(new double[] { 0, 1, 0, 1, 0, 1 }).effectiveCount()).isEqualTo(6);
		assertThat(DemandStatistics.of(new double[] { 0, 0 }).dispersion()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "0.0", "0.5", "0.8" })
	void dependentSamplesCountForLess(double staying) {
		// The autocorrelation of M/M/infinity is staying^lag.
		double expected = 4000 * (1 - staying) / (1 + staying);
		double sum = 0;
		for (int seed = 0; seed < 20; seed++) {
			int[] series = new Load(seed).infiniteServers(8, staying, 4000);
			sum += DemandStatistics.of(Arrays.stream(series).asDoubleStream().toArray()).effectiveCount();
		}
		assertThat(sum / 20).isBetween(0.85 * expected, 1.1 * expected);
	}

	@ParameterizedTest
	@CsvSource({
			// mean, resemblance, samples, the 0.99 quantile of Poisson
			"8, 0, 100, 15", "8, 0, 1000, 15", "8, 0.5, 300, 15", "8, 0.5, 3000, 15", "3, 0, 200, 8",
			"30, 0.3, 150, 43", "30, 0.3, 2000, 43" })
	void truePeakLiesInTheRange(double mean, double staying, int samples, int truth) {
		int covered = 0;
		for (int seed = 0; seed < 200; seed++) {
			int[] series = new Load(seed).infiniteServers(mean, staying, samples);
			SizeRange max = ((Advice.Sizes) SizingAdvisor.advise(Load.of(series))).max();
			covered += (max.low() <= truth && truth <= max.high()) ? 1 : 0;
		}
		assertThat(covered).isGreaterThanOrEqualTo(180);
	}

	@Test
	void longerWindowNarrowsTheRange() {
		assertThat(meanWidth(60)).isGreaterThan(meanWidth(120));
		assertThat(meanWidth(120)).isGreaterThan(meanWidth(300));
		// from here on without an assumption about the distribution
		assertThat(meanWidth(600)).isGreaterThan(meanWidth(2000));
		assertThat(meanWidth(2000)).isGreaterThan(meanWidth(10_000));
		assertThat(meanWidth(10_000)).isLessThanOrEqualTo(1.1);
	}

	private static double meanWidth(int samples) {
		double sum = 0;
		for (int seed = 0; seed < 50; seed++) {
			int[] series = new Load(seed).independent(20, samples);
			SizeRange max = ((Advice.Sizes) SizingAdvisor.advise(Load.of(series))).max();
			sum += max.high() - max.low();
		}
		return sum / 50;
	}

}
