package io.poolwise.advice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SizingAdvisor}.
 */
class SizingAdvisorTests {

	@Test
	void constantDemandNeedsJustThat() {
		Advice.Sizes advice = sizes(Load.of(Load.constant(8, 100)));
		assertThat(advice.min()).isEqualTo(new SizeRange(4, 6));
		assertThat(advice.max()).isEqualTo(new SizeRange(8, 8));
		assertThat(advice.confidence()).isEqualTo(Confidence.FAIR);
		assertThat(advice.reasons()).containsExactly(
				"100 samples over 100 s, which tell as much as 100 independent ones",
				"8.0 connections wanted on average (+- 0.0)",
				"how long uses last and callers wait isn't measured here: this rests on the counts of each sample alone",
				"in 99 of 100 moments at most 8 connections: 8.0 + 2.326 x sqrt(0.00 x 8.0) = 8.0",
				"min-size: 50 to 70 % of the average");
	}

	@Test
	void uncertaintyOfTheMeanWidensBothRanges() {
		int[] alternating = IntStream.range(0, 100).map((i) -> (i % 2 == 0) ? 4 : 12).toArray();
		Advice.Sizes advice = sizes(Load.of(alternating));
		// mean 8 +- 2.093 x sqrt(16.16 / 100) = 0.84: 0.5 x 7.16 to 0.7 x 8.84
		assertThat(advice.min()).isEqualTo(new SizeRange(3, 7));
		// 17.35 +- 2.093 x 4.02 x sqrt((1 + 2.326^2 / 2) / 100) = 1.62
		assertThat(advice.max()).isEqualTo(new SizeRange(16, 19));
		assertThat(advice.reasons()).containsExactly(
				"100 samples over 100 s, which tell as much as 100 independent ones",
				"8.0 connections wanted on average (+- 0.8)",
				"how long uses last and callers wait isn't measured here: this rests on the counts of each sample alone",
				"in 99 of 100 moments at most 16 to 19 connections: 8.0 + 2.326 x sqrt(2.02 x 8.0) = 17.4",
				"min-size: 50 to 70 % of the average");
	}

	@Test
	void confidenceHasANameInJson() {
		assertThat(Confidence.values()).extracting(Confidence::jsonName).containsExactly("low", "fair", "good");
	}

	@Test
	void longSteadyWindowIsTrusted() {
		Advice.Sizes advice = sizes(Load.of(Load.constant(8, 368)));
		assertThat(advice.max()).isEqualTo(new SizeRange(8, 8));
		assertThat(advice.confidence()).isEqualTo(Confidence.GOOD);
		assertThat(advice.reasons())
			.contains("in 99 of 100 moments at most 8 connections were wanted (order statistics of the samples)");
		assertThat(sizes(Load.of(Load.constant(8, 367))).confidence()).isEqualTo(Confidence.FAIR);
	}

	@Test
	void tooFewSamplesSayNothing() {
		assertThat(SizingAdvisor.advise(Load.of(Load.constant(8, 59))))
			.isEqualTo(new Advice.NotEnoughData(List.of("59 samples, at least 60 are needed")));
		assertThat(SizingAdvisor.advise(Load.of())).isInstanceOf(Advice.NotEnoughData.class);
		assertThat(SizingAdvisor.advise(Load.of(Load.constant(8, 60)))).isInstanceOf(Advice.Sizes.class);
	}

	@Test
	void unusedPoolSaysNothing() {
		assertThat(SizingAdvisor.advise(Load.of(Load.constant(0, 600))))
			.isEqualTo(new Advice.NotEnoughData(List.of("no connection was in use in any of 600 samples")));
	}

	@Test
	void driftingLoadSaysNothing() {
		int[] rising = IntStream.range(0, 600).map((i) -> i / 10).toArray();
		assertThat(SizingAdvisor.advise(Load.of(rising)).reasons()).singleElement()
			.asString()
			.startsWith("600 samples resemble their neighbours so much that they tell no more than ")
			.endsWith("a longer window, or a load that doesn't drift");
	}

	@Test
	void shortUsesThatNoSampleMeetsAreKnownFromLittlesLaw() {
		List<UsageSample> samples = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			samples.add(new UsageSample(0, 0, 20, Duration.ofMillis(40), Duration.ZERO));
		}
		Advice.Sizes advice = sizes(new UsageWindow(Load.SECOND, samples));
		assertThat(advice.max()).isEqualTo(new SizeRange(1, 1));
		assertThat(advice.min()).isEqualTo(new SizeRange(0, 1));
		assertThat(advice.reasons())
			.contains("Little's law: 20.0 uses/s x 2.0 ms held = 0.0 in use, as the samples say");
	}

	@Test
	void littlesLawConfirmsTheSamples() {
		Advice.Sizes advice = sizes(new Load(1).steady(600, 400, 0.02));
		assertThat(advice.reasons()).anySatisfy((reason) -> assertThat(reason).startsWith("Little's law: ")
			.contains(" uses/s x 20.0 ms held = 8.0 in use")
			.endsWith(", as the samples say"));
		assertThat(advice.max().low()).isLessThanOrEqualTo(15);
		assertThat(advice.max().high()).isGreaterThanOrEqualTo(15);
		assertThat(advice.min()).isEqualTo(new SizeRange(3, 6));
	}

	@Test
	void samplesThatContradictLittlesLawAreNotTrusted() {
		List<UsageSample> samples = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			samples.add(new UsageSample(8, 0, 100, Duration.ofSeconds(2), Duration.ZERO));
		}
		Advice.Sizes advice = sizes(new UsageWindow(Load.SECOND, samples));
		assertThat(advice.confidence()).isEqualTo(Confidence.LOW);
		assertThat(advice.max()).isEqualTo(new SizeRange(8, 8));
		assertThat(advice.reasons()).contains("Little's law: 100.0 uses/s x 20.0 ms held = 2.0 in use,"
				+ " but the samples say 8.0: uses longer than the window, or samples in step with bursts");
	}

	@Test
	void callersThatWaitCountAsDemandAndLowerTheConfidence() {
		List<UsageSample> samples = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			samples.add(new UsageSample(10, 5, 100, Duration.ofSeconds(10), Duration.ofSeconds(5)));
		}
		Advice.Sizes advice = sizes(new UsageWindow(Load.SECOND, samples));
		assertThat(advice.max()).isEqualTo(new SizeRange(15, 15));
		assertThat(advice.min()).isEqualTo(new SizeRange(7, 11));
		assertThat(advice.confidence()).isEqualTo(Confidence.LOW);
		assertThat(advice.reasons()).contains(
				"Little's law: 100.0 uses/s x 100.0 ms held = 10.0 in use, after waits of 50.0 ms on average, as the samples say",
				"callers waited for 33 % of their time: that is counted, but demand may be greater than was seen");
	}

	@Test
	void waitsBetweenTheSamplesAreKnownFromTheirSum() {
		List<UsageSample> samples = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			samples.add(new UsageSample(8, 0, 100, Duration.ofSeconds(8), Duration.ofSeconds(1)));
		}
		Advice.Sizes advice = sizes(new UsageWindow(Load.SECOND, samples));
		assertThat(advice.confidence()).isEqualTo(Confidence.LOW);
		assertThat(advice.reasons()).contains("9.0 connections wanted on average (+- 0.0), by Little's law",
				"callers waited for 11 % of their time: that is counted, but demand may be greater than was seen");
	}

	@Test
	void meanIsTakenFromWhereItIsKnownMoreExactly() {
		int fromLaw = 0;
		for (int seed = 0; seed < 20; seed++) {
			fromLaw += byLittlesLaw(sizes(new Load(seed).steady(600, 400, 0.02))) ? 1 : 0;
		}
		// of 400 uses a second the sum is known better than from one look a second
		assertThat(fromLaw).isEqualTo(20);
		List<UsageSample> coarse = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			coarse.add(new UsageSample(4, 0, 4000, Duration.ofSeconds(2), Duration.ZERO));
		}
		Advice.Sizes advice = sizes(new UsageWindow(Load.SECOND, coarse, Duration.ofMillis(1)));
		assertThat(byLittlesLaw(advice)).isFalse();
		assertThat(advice.confidence()).isEqualTo(Confidence.GOOD);
		assertThat(advice.reasons()).contains("4.0 connections wanted on average (+- 0.0)");
	}

	private static boolean byLittlesLaw(Advice advice) {
		return advice.reasons().stream().anyMatch((reason) -> reason.endsWith(", by Little's law"));
	}

	@Test
	void fewWaitsLeaveTheConfidence() {
		List<UsageSample> samples = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			samples.add(UsageSample.of(10, (i % 100 == 0) ? 1 : 0));
		}
		assertThat(sizes(new UsageWindow(Load.SECOND, samples)).confidence()).isEqualTo(Confidence.GOOD);
	}

	@Test
	void sizesStopWhereThroughputStoppedGrowing() {
		UsageWindow window = new Load(7).served(1200, 12, 0.02, (i) -> 2 + 18 * (1 + Math.sin(i / 8.0)));
		Advice.Sizes advice = sizes(window);
		assertThat(advice.max().low()).isBetween(11, 12);
		assertThat(advice.max().high()).isBetween(12, 18);
		assertThat(advice.min().high()).isLessThanOrEqualTo(advice.max().high());
		assertThat(advice.reasons())
			.anySatisfy((reason) -> assertThat(reason).startsWith("throughput stopped growing at")
				.endsWith("so more connections would only wait in the server"));
	}

	@Test
	void shortBurstsMakeTheRangeWide() {
		int[] bursts = new int[100];
		bursts[10] = 60;
		bursts[60] = 40;
		Advice.Sizes advice = sizes(Load.of(bursts));
		assertThat(advice.confidence()).isEqualTo(Confidence.FAIR);
		assertThat(advice.max().high() - advice.max().low()).isGreaterThan(5);
	}

	@Test
	void sizesThatDoNotFitAreRefused() {
		SizeRange one = new SizeRange(1, 1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Advice.Sizes(new SizeRange(2, 2), one, Confidence.LOW, List.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Advice.Sizes(new SizeRange(1, 2), one, Confidence.LOW, List.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Advice.Sizes(new SizeRange(0, 0), new SizeRange(0, 1), Confidence.LOW, List.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> new SizeRange(2, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> new SizeRange(-1, 1));
	}

	@Test
	void invalidMeasurementsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> UsageSample.of(-1, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> UsageSample.of(0, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> new UsageSample(0, 0, -1, Duration.ZERO, Duration.ZERO));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new UsageSample(0, 0, 0, Duration.ofNanos(-1), Duration.ZERO));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new UsageSample(0, 0, 0, Duration.ZERO, Duration.ofNanos(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> new UsageWindow(Duration.ZERO, List.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new UsageWindow(Load.SECOND, List.of(), Duration.ofNanos(-1)));
	}

	private static Advice.Sizes sizes(UsageWindow window) {
		Advice advice = SizingAdvisor.advise(window);
		assertThat(advice).isInstanceOf(Advice.Sizes.class);
		return (Advice.Sizes) advice;
	}

}
