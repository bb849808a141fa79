package io.poolwise.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Says what the sizes of a pool should be, from a window of measurements.
 * <p>
 * max-size covers the demand of 99 of 100 moments, but no more than the concurrency at
 * which throughput stopped growing, where that was seen. min-size is 50 to 70 % of the
 * mean demand, a rule of practice: enough that ordinary load opens nothing, and little
 * enough that quiet hours keep nothing idle. Both are ranges of about 95 % confidence.
 * <p>
 * Stateless and thread-safe.
 */
public final class SizingAdvisor {

	/**
	 * The fewest samples that an advice may rest on.
	 */
	public static final int LEAST_SAMPLES = 60;

	/**
	 * The fewest independent observations that the samples must amount to.
	 */
	public static final int LEAST_INDEPENDENT_SAMPLES = 20;

	private static final double MIN_LOW = 0.5;

	private static final double MIN_HIGH = 0.7;

	private static final double MANY_WAITED = 0.05;

	private static final double LEAST_WAIT_SHOWN = 0.00005;

	private static final double NARROW = 0.25;

	private static final double WIDE = 0.75;

	private SizingAdvisor() {
	}

	/**
	 * Judges a window.
	 * <p>
	 * Example: 8 connections in use in each of 100 samples are an advice of 4 to 6 for
	 * min-size and 8 for max-size.
	 * @param window the measurements of one pool, taken while its load was as usual
	 * @return sizes with their reasons, or what is missing
	 */
	public static Advice advise(UsageWindow window) {
		List<UsageSample> samples = window.samples();
		if (samples.size() < LEAST_SAMPLES) {
			return missing(samples.size() + " samples, at least " + LEAST_SAMPLES + " are needed");
		}
		double[] demand = samples.stream().mapToDouble(UsageSample::demand).toArray();
		DemandStatistics statistics = DemandStatistics.of(demand);
		LittlesLaw law = LittlesLaw.of(window);
		if (statistics.mean() == 0 && law == null) {
			return missing("no connection was in use in any of " + samples.size() + " samples");
		}
		if (statistics.effectiveCount() < LEAST_INDEPENDENT_SAMPLES) {
			return missing(String.format(Locale.ROOT,
					"%d samples resemble their neighbours so much that they tell no more than %.0f independent ones, at"
							+ " least %d are needed: a longer window, or a load that doesn't drift",
					samples.size(), Math.floor(statistics.effectiveCount()), LEAST_INDEPENDENT_SAMPLES));
		}
		return sizes(window, demand, statistics, law);
	}

	private static Advice missing(String reason) {
		return new Advice.NotEnoughData(List.of(reason));
	}

	private static Advice sizes(UsageWindow window, double[] demand, DemandStatistics statistics,
			@Nullable LittlesLaw law) {
		List<String> reasons = new ArrayList<>();
		reasons.add(String.format(Locale.ROOT, "%d samples over %s, which tell as much as %.0f independent ones",
				statistics.count(), time(window.lengthSeconds()), Math.floor(statistics.effectiveCount())));
		DemandStatistics used = usedIn(window);
		boolean consistent = law == null || law.agreesWith(used);
		double mean = statistics.mean();
		double error = PeakDemand.T * statistics.standardError();
		String from = "";
		if (law != null && consistent && isMoreExact(law, statistics)) {
			mean = law.demand();
			error = PeakDemand.T * law.error() + law.rounding();
			from = ", by Little's law";
		}
		reasons.add(String.format(Locale.ROOT, "%.1f connections wanted on average (+- %.1f)%s", mean, error, from));
		reasons.add((law != null) ? describe(law, consistent, used)
				: "how long uses last and callers wait isn't measured here: this rests on the counts of each sample alone");
		PeakDemand peak = PeakDemand.of(demand, statistics, mean);
		reasons.add(peak.reason());
		SizeRange max = peak.range();
		ThroughputPlateau plateau = ThroughputPlateau.find(window);
		if (plateau != null) {
			max = max.cappedBy(plateau.knee());
			reasons.add(describe(plateau));
		}
		double waiting = shareThatWaited(window);
		double waitingTime = (law != null) ? law.waiting() : 0;
		if (waitingTime > MANY_WAITED) {
			reasons.add(String.format(Locale.ROOT,
					"callers waited for %.0f %% of their time: that is counted, but demand may be greater than was seen",
					100 * waitingTime));
		}
		else if (waiting > 0) {
			reasons.add(String.format(Locale.ROOT,
					"callers waited in %.1f %% of the samples: they are counted, but demand may be greater than was seen",
					100 * waiting));
		}
		SizeRange min = SizeRange
			.of(Math.floor(MIN_LOW * Math.max(0, mean - error)), Math.ceil(MIN_HIGH * (mean + error)), 0)
			.cappedBy(max);
		reasons.add("min-size: 50 to 70 % of the average");
		boolean doubtful = !consistent || (Math.max(waiting, waitingTime) > MANY_WAITED && plateau == null);
		return new Advice.Sizes(min, max, confidence(doubtful, peak, max), reasons);
	}

	/**
	 * Whether the law, which sees each use, tells the mean more exactly than the samples,
	 * which see some moments. Samples that are all alike leave room for what happens in
	 * one of a third of them (Hanley and Lippman-Hand 1983).
	 */
	private static boolean isMoreExact(LittlesLaw law, DemandStatistics samples) {
		double unseen = 3 / samples.effectiveCount();
		return PeakDemand.T * law.error() + law.rounding() <= Math.max(PeakDemand.T * samples.standardError(), unseen);
	}

	private static DemandStatistics usedIn(UsageWindow window) {
		return DemandStatistics.of(window.samples().stream().mapToDouble(UsageSample::used).toArray());
	}

	private static double shareThatWaited(UsageWindow window) {
		long waited = window.samples().stream().filter((sample) -> sample.pending() > 0).count();
		return (double) waited / window.samples().size();
	}

	private static Confidence confidence(boolean doubtful, PeakDemand peak, SizeRange max) {
		double width = (max.high() - max.low()) / (double) max.high();
		if (doubtful || width > WIDE) {
			return Confidence.LOW;
		}
		return (peak.distributionFree() && width <= NARROW) ? Confidence.GOOD : Confidence.FAIR;
	}

	private static String describe(LittlesLaw law, boolean consistent, DemandStatistics used) {
		String terms = String.format(Locale.ROOT, "Little's law: %.1f uses/s x %s held = %.1f in use", law.throughput(),
				time(law.holdSeconds()), law.used());
		String wait = (law.waitSeconds() >= LEAST_WAIT_SHOWN)
				? ", after waits of " + time(law.waitSeconds()) + " on average" : "";
		return terms + wait
				+ (consistent ? ", as the samples say" : String.format(Locale.ROOT,
						", but the samples say %.1f: uses longer than the window, or samples in step with bursts",
						used.mean()));
	}

	private static String describe(ThroughputPlateau plateau) {
		return String.format(Locale.ROOT,
				"throughput stopped growing at %.1f uses/s with %s connections: with %.1f in use each was held for %s"
						+ " rather than %s, so more connections would only wait in the server",
				plateau.throughput(), plateau.knee(), plateau.heavyConcurrency(), time(plateau.heavyHoldSeconds()),
				time(plateau.lightHoldSeconds()));
	}

	private static String time(double seconds) {
		if (seconds < 1) {
			return String.format(Locale.ROOT, "%.1f ms", 1000 * seconds);
		}
		return String.format(Locale.ROOT, (seconds < 10) ? "%.1f s" : "%.0f s", seconds);
	}

}
