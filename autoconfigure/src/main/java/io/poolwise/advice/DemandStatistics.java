package io.poolwise.advice;

import java.util.Arrays;

/**
 * Mean, variance and information content of a series of equally spaced observations.
 *
 * @param count the observations
 * @param mean their mean
 * @param variance their variance, with the divisor n - 1; 0 for a single one
 * @param effectiveCount how many independent observations would tell as much about the
 * mean, from 1 to the count
 */
record DemandStatistics(int count, double mean, double variance, double effectiveCount) {

	// A variance this small beside the mean is the rounding of equal observations.
	private static final double ROUNDING = 1e-24;

	/**
	 * Computes the statistics of a series.
	 * <p>
	 * Neighbouring samples of a pool resemble each other, so n of them tell less than n
	 * independent ones: n / (1 + 2 x sum of the autocorrelations) (Bartlett 1946). The
	 * sum is cut off where two neighbouring autocovariances are no longer positive
	 * together, as noise begins there (the initial positive sequence, Geyer 1992, section
	 * 3.3). A negative sum counts as 0: never more observations than there are.
	 * @param series the observations in order, at least one
	 * @return the statistics
	 */
	static DemandStatistics of(double[] series) {
		int count = series.length;
		double mean = Arrays.stream(series).sum() / count;
		double[] deviations = new double[count];
		for (int i = 0; i < count; i++) {
			deviations[i] = series[i] - mean;
		}
		double power = autocovariance(deviations, 0);
		if (power <= ROUNDING * mean * mean) {
			return new DemandStatistics(count, mean, 0, count);
		}
		double variance = (count > 1) ? power * count / (count - 1) : 0;
		return new DemandStatistics(count, mean, variance, count / inefficiency(deviations, power));
	}

	private static double inefficiency(double[] deviations, double power) {
		double sum = -power;
		for (int lag = 0; lag + 1 < deviations.length; lag += 2) {
			double pair = autocovariance(deviations, lag) + autocovariance(deviations, lag + 1);
			if (pair <= 0) {
				break;
			}
			sum += 2 * pair;
		}
		return Math.min(deviations.length, Math.max(1, sum / power));
	}

	private static double autocovariance(double[] deviations, int lag) {
		double sum = 0;
		for (int i = lag; i < deviations.length; i++) {
			sum += deviations[i] * deviations[i - lag];
		}
		return sum / deviations.length;
	}

	/**
	 * Returns the standard error of the mean.
	 */
	double standardError() {
		return Math.sqrt(this.variance / this.effectiveCount);
	}

	/**
	 * Returns the index of dispersion, variance / mean: 1 for the Poisson distributed
	 * concurrency of independent arrivals, more for bursts.
	 */
	double dispersion() {
		return (this.mean > 0) ? this.variance / this.mean : 1;
	}

}
