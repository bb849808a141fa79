package io.poolwise.budget;

/**
 * How many instances of the application share a budget.
 *
 * @param replicas the instances in steady state, at least 1
 * @param surge the instances on top of them during a rolling update, 0 or more
 */
public record Fleet(int replicas, int surge) {

	public Fleet {
		Numbers.requireAtLeast(1, replicas, "Replicas");
		Numbers.requireAtLeast(0, surge, "A surge");
		if ((long) replicas + surge > Integer.MAX_VALUE) {
			throw new IllegalArgumentException(
					replicas + " replicas and a surge of " + surge + " are more instances than can be counted");
		}
	}

	/**
	 * Creates a fleet of so many replicas that is updated with this surge.
	 * @param replicas the instances in steady state, at least 1
	 * @param surge the instances on top, as configured
	 * @return the fleet
	 * @throws IllegalArgumentException if the replicas are below 1, or the peak is above
	 * {@link Integer#MAX_VALUE}
	 */
	public static Fleet of(int replicas, Surge surge) {
		return new Fleet(replicas, surge.extra(replicas));
	}

	/**
	 * Returns the fleet that blind mode reckons with, since nothing is known: this
	 * instance alone.
	 * @return a fleet with a peak of 1
	 */
	public static Fleet unknown() {
		return new Fleet(1, 0);
	}

	/**
	 * Returns the most instances that are alive at once.
	 * @return the replicas and the surge, at least 1
	 */
	public int peak() {
		return this.replicas + this.surge;
	}

	String derivation() {
		String steady = Numbers.counted(this.replicas, "replica", "replicas");
		return (this.surge == 0) ? steady : steady + " + " + this.surge + " surge = " + peak();
	}

}
