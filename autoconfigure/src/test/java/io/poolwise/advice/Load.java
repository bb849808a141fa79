package io.poolwise.advice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * Windows of a load whose truth is known, made from a seed.
 */
final class Load {

	static final Duration SECOND = Duration.ofSeconds(1);

	private final Random random;

	Load(long seed) {
		this.random = new Random(seed);
	}

	static UsageWindow of(int... used) {
		List<UsageSample> samples = new ArrayList<>();
		for (int count : used) {
			samples.add(UsageSample.of(count, 0));
		}
		return new UsageWindow(SECOND, samples);
	}

	static int[] constant(int used, int samples) {
		int[] series = new int[samples];
		Arrays.fill(series, used);
		return series;
	}

	/**
	 * Independent samples of a Poisson distributed concurrency.
	 */
	int[] independent(double mean, int samples) {
		int[] series = new int[samples];
		for (int i = 0; i < samples; i++) {
			series[i] = poisson(mean);
		}
		return series;
	}

	/**
	 * Samples of M/M/infinity, which resemble their neighbours by the factor given: a
	 * connection stays in use until the next sample with that probability.
	 */
	int[] infiniteServers(double mean, double staying, int samples) {
		int[] series = new int[samples];
		int used = poisson(mean);
		for (int i = 0; i < samples; i++) {
			int stayed = 0;
			for (int j = 0; j < used; j++) {
				stayed += (this.random.nextDouble() < staying) ? 1 : 0;
			}
			used = stayed + poisson(mean * (1 - staying));
			series[i] = used;
		}
		return series;
	}

	/**
	 * A server that works on so many at once; what is above waits in it, with its
	 * connection held.
	 */
	UsageWindow served(int samples, double atOnce, double workSeconds, IntToDoubleFunction concurrency) {
		List<UsageSample> list = new ArrayList<>();
		for (int i = 0; i < samples; i++) {
			double held = concurrency.applyAsDouble(i) * (0.9 + 0.2 * this.random.nextDouble());
			int completed = poisson(Math.min(held, atOnce) / workSeconds);
			list.add(new UsageSample((int) Math.round(held), 0, completed, Duration.ofNanos((long) (held * 1e9)),
					Duration.ZERO));
		}
		return new UsageWindow(SECOND, list);
	}

	/**
	 * A steady number of uses a second, whose hold times are exponential.
	 */
	UsageWindow steady(int samples, double usesPerSecond, double holdSeconds) {
		List<UsageSample> list = new ArrayList<>();
		for (int i = 0; i < samples; i++) {
			int completed = poisson(usesPerSecond);
			double held = 0;
			for (int j = 0; j < completed; j++) {
				held -= holdSeconds * Math.log(1 - this.random.nextDouble());
			}
			list.add(new UsageSample(poisson(usesPerSecond * holdSeconds), 0, completed,
					Duration.ofNanos((long) (held * 1e9)), Duration.ZERO));
		}
		return new UsageWindow(SECOND, list);
	}

	private int poisson(double mean) {
		if (mean > 50) {
			return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * this.random.nextGaussian()));
		}
		double limit = Math.exp(-mean);
		double product = this.random.nextDouble();
		int count = 0;
		while (product > limit) {
			product *= this.random.nextDouble();
			count++;
		}
		return count;
	}

}
