package io.poolwise.lease;

import java.time.Duration;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DemandEstimatorTests {

	@Example
	void peakOfEightIsADemandOfEleven() {
		assertThat(DemandEstimator.startingAt(0).observe(0, 5, 3).demand().slots()).isEqualTo(11);
		assertThat(DemandEstimator.startingAt(0).demand().slots()).isEqualTo(1);
	}

	@Example
	void riseCountsAtOnce() {
		DemandEstimator estimator = run(DemandEstimator.startingAt(0), 0, 5000, 2);
		assertThat(estimator.observe(millis(5001), 20, 60).demand().slots()).isEqualTo(101);
	}

	@Example
	void peakIsHeldForHalfASecond() {
		DemandEstimator hot = run(DemandEstimator.startingAt(0), 0, 5000, 70);
		assertThat(run(hot, 5000, 5499, 2).demand().slots()).isEqualTo(89);
	}

	@Example
	void heatIsLetGoWithinTwoAndAHalfSeconds() {
		DemandEstimator hot = run(DemandEstimator.startingAt(0), 0, 5000, 70);
		assertThat(run(hot, 5000, 7500, 2).demand().slots()).isLessThanOrEqualTo(7);
	}

	@Example
	void pausesWithoutSamplesFadeAsIfThereHadBeenSome() {
		DemandEstimator hot = run(DemandEstimator.startingAt(0), 0, 5000, 70);
		assertThat(hot.observe(millis(7600), 2, 0)).isEqualTo(hot.observe(millis(5600), 0, 0)
			.observe(millis(6100), 0, 0)
			.observe(millis(6600), 0, 0)
			.observe(millis(7100), 0, 0)
			.observe(millis(7600), 2, 0));
		assertThat(hot.observe(millis(1_000_000), 0, 0).demand().slots()).isEqualTo(1);
	}

	@Example
	void timeThatGoesBackCountsAsTheLatest() {
		DemandEstimator hot = DemandEstimator.startingAt(millis(5000)).observe(millis(5000), 10, 0);
		assertThat(hot.observe(millis(1000), 20, 0).demand().slots()).isEqualTo(26);
	}

	@Example
	void negativeLoadIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> DemandEstimator.startingAt(0).observe(0, -1, 0));
	}

	@Property
	void demandIsNeverBelowThePresentLoad(@ForAll @IntRange(max = 10_000) int active,
			@ForAll @IntRange(max = 10_000) int waiting, @ForAll @IntRange(max = 100_000) int at) {
		int slots = DemandEstimator.startingAt(0).observe(millis(at), active, waiting).demand().slots();
		assertThat(slots).isGreaterThan(active + waiting);
	}

	@Property
	void withoutHeadroomItIsTheLoadAndTheCoordinator(@ForAll @IntRange(max = 10_000) int load) {
		assertThat(DemandEstimator.startingAt(0).observe(0, load, 0).demand().used()).isEqualTo(load + 1);
	}

	private static DemandEstimator run(DemandEstimator from, long start, long end, int load) {
		DemandEstimator estimator = from;
		for (long at = start; at <= end; at += 100) {
			estimator = estimator.observe(millis(at), load, 0);
		}
		return estimator;
	}

	private static long millis(long millis) {
		return Duration.ofMillis(millis).toNanos();
	}

}
