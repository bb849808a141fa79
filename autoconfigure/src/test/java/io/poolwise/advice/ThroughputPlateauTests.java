package io.poolwise.advice;

import java.time.Duration;
import java.util.function.LongFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThroughputPlateau}.
 */
class ThroughputPlateauTests {

	@ParameterizedTest
	@CsvSource({ "4, 0.01", "12, 0.02", "12, 0.2", "25, 0.05", "40, 0.2" })
	void kneeOfASaturatedServerIsFound(double atOnce, double work) {
		int found = 0;
		for (int seed = 0; seed < 50; seed++) {
			UsageWindow window = new Load(seed).served(1200, atOnce, work,
					(i) -> atOnce * (0.2 + 1.4 * (1 + Math.sin(i / 40.0))));
			ThroughputPlateau plateau = ThroughputPlateau.find(window);
			if (plateau != null) {
				found++;
				assertThat(plateau.knee().low()).isBetween((int) (0.8 * atOnce) - 1, (int) Math.ceil(1.1 * atOnce));
				assertThat((double) plateau.knee().high()).isBetween(0.9 * atOnce, 2.0 * atOnce);
				assertThat(plateau.throughput()).isBetween(0.9 * atOnce / work, 1.1 * atOnce / work);
				assertThat(plateau.heavyHoldSeconds()).isGreaterThan(2 * plateau.lightHoldSeconds());
			}
		}
		assertThat(found).isGreaterThanOrEqualTo(48);
	}

	@Test
	void serverThatKeepsUpHasNone() {
		assertThat(falseClaims(
				(seed) -> new Load(seed).served(1200, 1000, 0.02, (i) -> 12 * (0.2 + 1.4 * (1 + Math.sin(i / 40.0))))))
			.isZero();
	}

	@Test
	void steadyLoadWithVaryingHoldTimesHasNone() {
		assertThat(falseClaims((seed) -> new Load(seed).steady(600, 30, 0.2))).isZero();
	}

	@Test
	void alwaysSaturatedServerHasNoneSinceNoRiseWasSeen() {
		assertThat(falseClaims((seed) -> new Load(seed).served(1200, 12, 0.02, (i) -> 40 + 20 * Math.sin(i / 40.0))))
			.isZero();
	}

	@Test
	void heavierWorkAtTheSameRateHasNone() {
		assertThat(falseClaims((seed) -> new Load(seed).steady(300, 50, 0.05 + 0.02 * (seed % 7)))).isZero();
	}

	@Test
	void holdTimesThatTheClockCanNotTellApartHaveNone() {
		assertThat(falseClaims((seed) -> {
			UsageWindow exact = new Load(seed).served(1200, 12, 0.004,
					(i) -> 12 * (0.2 + 1.4 * (1 + Math.sin(i / 40.0))));
			return new UsageWindow(exact.interval(), exact.samples(), Duration.ofMillis(1));
		})).isZero();
	}

	@Test
	void windowWithoutMeasuredUsesHasNone() {
		assertThat(ThroughputPlateau.find(Load.of(new Load(1).independent(8, 600)))).isNull();
		assertThat(ThroughputPlateau.find(Load.of(Load.constant(8, 59)))).isNull();
	}

	private static int falseClaims(LongFunction<UsageWindow> windows) {
		int claims = 0;
		for (long seed = 0; seed < 100; seed++) {
			claims += (ThroughputPlateau.find(windows.apply(seed)) != null) ? 1 : 0;
		}
		return claims;
	}

}
