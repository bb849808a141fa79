package io.poolwise.lease;

/**
 * How many slots an instance could use now: a short held peak of its busy connections and
 * waiting threads, with headroom.
 * <p>
 * A rise counts at once. A peak is held for half a second to one second and then fades to
 * two fifths of itself every half second, so that of a peak of 70 less than 5 is left
 * after 2.5 s: heat that moves away is let go soon, and a burst that returns within a
 * second loses nothing. An estimate that fell costs nothing by itself: slots are given up
 * only when another member wants them.
 * <p>
 * Immutable and thread-safe; time is an argument.
 *
 * @param bucket the number of the current half second
 * @param peak the highest load seen in this half second, in connections
 * @param before the highest load seen in the half second before
 * @param faded what is left of older peaks
 */
public record DemandEstimator(long bucket, int peak, int before, double faded) {

	private static final long BUCKET_NANOS = 500_000_000L;

	private static final double FADE = 0.4;

	private static final double HEADROOM = 1.25;

	private static final int FORGOTTEN_AFTER = 64;

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if a load is negative
	 */
	public DemandEstimator {
		if (peak < 0 || before < 0 || faded < 0) {
			throw new IllegalArgumentException("a load may not be < 0");
		}
	}

	/**
	 * An estimator that has seen nothing.
	 * @param nowNanos the time, in nanoseconds of any monotonic clock
	 * @return the estimator; its demand is 1
	 */
	public static DemandEstimator startingAt(long nowNanos) {
		return new DemandEstimator(Math.floorDiv(nowNanos, BUCKET_NANOS), 0, 0, 0);
	}

	/**
	 * The estimator after one more sample; take one every 100 ms or so, and a sample at
	 * least every 500 ms for the fading to be smooth.
	 * @param nowNanos the time on the same clock; an earlier time counts as the latest
	 * @param active connections in use, at least 0
	 * @param waiting threads that wait for a connection, at least 0
	 * @return the new estimator
	 * @throws IllegalArgumentException if {@code active} or {@code waiting} is negative
	 */
	public DemandEstimator observe(long nowNanos, int active, int waiting) {
		if (active < 0 || waiting < 0) {
			throw new IllegalArgumentException("active " + active + ", waiting " + waiting + ": none may be < 0");
		}
		DemandEstimator rolled = rollTo(Math.max(this.bucket, Math.floorDiv(nowNanos, BUCKET_NANOS)));
		int load = (int) Math.min((long) active + waiting, 1_000_000);
		return new DemandEstimator(rolled.bucket, Math.max(rolled.peak, load), rolled.before, rolled.faded);
	}

	/**
	 * The demand: the held peak x 1.25, rounded up, and one for the coordinator. A peak
	 * of 8 is a demand of 11, of which 9 are used.
	 * @return at least one slot
	 */
	public Demand demand() {
		double held = Math.max(Math.max(this.peak, this.before), this.faded);
		return new Demand((int) Math.ceil(held * HEADROOM) + 1, (int) Math.ceil(held) + 1);
	}

	private DemandEstimator rollTo(long target) {
		if (target - this.bucket > FORGOTTEN_AFTER) {
			return new DemandEstimator(target, 0, 0, 0);
		}
		DemandEstimator rolled = this;
		while (rolled.bucket < target) {
			double left = Math.max(rolled.faded, rolled.before) * FADE;
			rolled = new DemandEstimator(rolled.bucket + 1, 0, rolled.peak, (left < 0.5) ? 0 : left);
		}
		return rolled;
	}

}
