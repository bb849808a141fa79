package io.poolwise.advice;

import java.util.Arrays;
import java.util.Locale;

/**
 * The demand that one moment in a hundred exceeds, as an interval of about 95 %
 * confidence.
 *
 * @param range the connections
 * @param distributionFree whether the interval was read from the samples themselves
 * @param reason how it was found
 */
record PeakDemand(SizeRange range, boolean distributionFree, String reason) {

	private static final double QUANTILE = 0.99;

	// The normal distribution's quantile of 0.99.
	private static final double NORMAL_QUANTILE = 2.326;

	// Student's t, two-sided 95 %, with the 19 degrees of freedom of the least window.
	static final double T = 2.093;

	private static final double TAIL = 0.025;

	// Differences below this are the noise of floating point, not demand.
	private static final double NOISE = 1e-9;

	/**
	 * Finds the peak demand: from the samples themselves if they tell as much as 368
	 * independent ones, else by {@link #bySquareRoot}.
	 * @param demand the demand a sample
	 * @param statistics the statistics of it
	 * @param mean the best estimate of the mean demand
	 * @return the peak demand, at least 1
	 */
	static PeakDemand of(double[] demand, DemandStatistics statistics, double mean) {
		int independent = (int) statistics.effectiveCount();
		// Fewer than that may all lie below the quantile.
		boolean enough = Math.pow(QUANTILE, independent) <= TAIL;
		return enough ? byOrder(demand, independent) : bySquareRoot(statistics, mean);
	}

	/**
	 * The order statistics between which the quantile lies, whatever the distribution
	 * (Conover 1999, section 3.2): of n observations, the number above the quantile is
	 * binomial (n, 0.01).
	 */
	private static PeakDemand byOrder(double[] demand, int independent) {
		double[] sorted = demand.clone();
		Arrays.sort(sorted);
		double odds = Math.log((1 - QUANTILE) / QUANTILE);
		double logProbability = independent * Math.log(QUANTILE);
		double cumulative = 0;
		int above = 0;
		int fewest = 0;
		while (true) {
			cumulative += Math.exp(logProbability);
			if (cumulative <= TAIL) {
				fewest = above;
			}
			if (cumulative >= 1 - TAIL) {
				break;
			}
			logProbability += Math.log((double) (independent - above) / (above + 1)) + odds;
			above++;
		}
		double low = sorted[index(independent - above, independent, sorted.length)];
		double high = sorted[index(independent - fewest, independent, sorted.length)];
		SizeRange range = SizeRange.of(low, high, 1);
		return new PeakDemand(range, true,
				"in 99 of 100 moments at most " + range + " connections were wanted (order statistics of the samples)");
	}

	private static int index(int rank, int of, int samples) {
		return (int) Math.max(0, Math.ceil((double) rank / of * samples) - 1);
	}

	/**
	 * The mean and a multiple of its square root: with independent arrivals the number in
	 * use is Poisson distributed with the mean of Little's law, whatever the hold times
	 * (M/G/infinity), so its variance is its mean; staffing by the square root follows
	 * (Halfin and Whitt 1981; Kolesar and Green 1998). The measured index of dispersion
	 * takes the place of 1.
	 * <p>
	 * Example: a mean of 9 with a dispersion of 1 is 9 + 2.326 x 3 = 15.98.
	 */
	private static PeakDemand bySquareRoot(DemandStatistics statistics, double mean) {
		double deviation = Math.sqrt(statistics.dispersion() * mean);
		double peak = mean + NORMAL_QUANTILE * deviation;
		// Variance of the sum of a mean and a multiple of a normal deviation.
		double error = deviation * Math.sqrt((1 + NORMAL_QUANTILE * NORMAL_QUANTILE / 2) / statistics.effectiveCount());
		SizeRange range = SizeRange.of(Math.ceil(peak - T * error - NOISE), Math.ceil(peak + T * error - NOISE), 1);
		return new PeakDemand(range, false,
				String.format(Locale.ROOT,
						"in 99 of 100 moments at most %s connections: %.1f + 2.326 x sqrt(%.2f x %.1f) = %.1f", range,
						mean, statistics.dispersion(), mean, peak));
	}

}
