package io.poolwise.advice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Properties of the advice.
 */
class AdvicePropertyTests {

	@Property
	void adviceIsEitherOrderedOrNotGiven(@ForAll("windows") UsageWindow window) {
		Advice advice = SizingAdvisor.advise(window);
		assertThat(advice.reasons()).isNotEmpty().noneMatch((reason) -> reason.contains("NaN"));
		if (window.samples().size() < SizingAdvisor.LEAST_SAMPLES) {
			assertThat(advice).isInstanceOf(Advice.NotEnoughData.class);
		}
		if (advice instanceof Advice.Sizes sizes) {
			long most = window.samples().stream().mapToLong(UsageSample::demand).max().orElse(0);
			assertThat(sizes.min().low()).isBetween(0, sizes.max().low());
			assertThat(sizes.min().high()).isBetween(sizes.min().low(), sizes.max().high());
			assertThat(sizes.max().low()).isBetween(1, sizes.max().high());
			assertThat((long) sizes.min().low()).isLessThanOrEqualTo(most);
		}
	}

	@Property(tries = 300)
	void timeReversedIsTheSameAdvice(@ForAll("windows") UsageWindow window) {
		List<UsageSample> counts = new ArrayList<>();
		window.samples().forEach((sample) -> counts.add(UsageSample.of(sample.used(), sample.pending())));
		Advice forwards = SizingAdvisor.advise(new UsageWindow(window.interval(), counts));
		Collections.reverse(counts);
		Advice backwards = SizingAdvisor.advise(new UsageWindow(window.interval(), counts));
		assertThat(backwards.getClass()).isEqualTo(forwards.getClass());
		if (forwards instanceof Advice.Sizes sizes) {
			assertThat(((Advice.Sizes) backwards).max()).isEqualTo(sizes.max());
		}
	}

	@Property(tries = 200)
	void longWindowMovesWithItsDemand(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int more) {
		int[] series = new Load(seed).independent(6, 800);
		int[] raised = Arrays.stream(series).map((used) -> used + more).toArray();
		SizeRange before = ((Advice.Sizes) SizingAdvisor.advise(Load.of(series))).max();
		SizeRange after = ((Advice.Sizes) SizingAdvisor.advise(Load.of(raised))).max();
		assertThat(after).isEqualTo(new SizeRange(before.low() + more, before.high() + more));
	}

	@Property(tries = 200)
	void moreDemandNeverMeansLessAdvice(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int times) {
		int[] series = new Load(seed).independent(5, 150);
		int[] raised = Arrays.stream(series).map((used) -> used * (times + 1)).toArray();
		Advice.Sizes before = (Advice.Sizes) SizingAdvisor.advise(Load.of(series));
		Advice.Sizes after = (Advice.Sizes) SizingAdvisor.advise(Load.of(raised));
		assertThat(after.max().low()).isGreaterThanOrEqualTo(before.max().low());
		assertThat(after.max().high()).isGreaterThanOrEqualTo(before.max().high());
		assertThat(after.min().low()).isGreaterThanOrEqualTo(before.min().low());
		assertThat(after.min().high()).isGreaterThanOrEqualTo(before.min().high());
	}

	@Property
	void roundedTimesAreOffByNoMoreThanTheLawSays(
			@ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = 50_000_000) Long> nanos) {
		long exact = nanos.stream().mapToLong(Long::longValue).sum();
		long rounded = nanos.stream().mapToLong((each) -> each / 1_000_000).sum();
		UsageSample sample = new UsageSample(0, 0, nanos.size(), Duration.ofMillis(rounded), Duration.ZERO);
		LittlesLaw law = LittlesLaw.of(new UsageWindow(Load.SECOND, List.of(sample), Duration.ofMillis(1)));
		assertThat(law.used()).isCloseTo(exact / 1e9, within(law.rounding() + 1e-9));
	}

	@Property(tries = 300)
	void longerWaitsNeverLowerTheDemandOfTheLaw(@ForAll("windows") UsageWindow window,
			@ForAll @IntRange(max = 5000) int millis) {
		LittlesLaw before = LittlesLaw.of(window);
		LittlesLaw after = LittlesLaw.of(new UsageWindow(window.interval(),
				window.samples()
					.stream()
					.map((each) -> new UsageSample(each.used(), each.pending(), each.completed(), each.held(),
							each.waited().plusMillis(millis)))
					.toList()));
		if (before != null) {
			assertThat(after.demand()).isGreaterThanOrEqualTo(before.demand());
			assertThat(after.used()).isEqualTo(before.used());
			assertThat(after.waiting()).isBetween(before.waiting(), 1.0);
			assertThat(after.error()).isNotNegative().isFinite();
		}
	}

	@Property
	void effectiveCountIsFromOneToTheCount(@ForAll("windows") UsageWindow window) {
		double[] demand = window.samples().stream().mapToDouble(UsageSample::demand).toArray();
		if (demand.length > 0) {
			DemandStatistics statistics = DemandStatistics.of(demand);
			assertThat(statistics.effectiveCount()).isBetween(1.0, (double) demand.length);
			assertThat(statistics.variance()).isNotNegative();
		}
	}

	@Provide
	Arbitrary<UsageWindow> windows() {
		Arbitrary<Integer> counts = Arbitraries.oneOf(Arbitraries.integers().between(0, 20),
				Arbitraries.integers().between(0, 2000));
		Arbitrary<UsageSample> samples = Combinators
			.combine(counts, Arbitraries.of(0, 0, 0, 3), counts, Arbitraries.integers().between(0, 500))
			.as((used, pending, completed, millis) -> new UsageSample(used, pending, completed,
					Duration.ofMillis((long) completed * millis), Duration.ofMillis(pending)));
		return Arbitraries
			.frequencyOf(Tuple.of(1, samples.list().ofMaxSize(SizingAdvisor.LEAST_SAMPLES)),
					Tuple.of(4, samples.list().ofMinSize(SizingAdvisor.LEAST_SAMPLES).ofMaxSize(200)))
			.map((list) -> new UsageWindow(Load.SECOND, list));
	}

}
