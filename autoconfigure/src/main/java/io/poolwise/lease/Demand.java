package io.poolwise.lease;

/**
 * What a member could use now, in slots, its paying one included.
 *
 * @param slots what it uses, and headroom
 * @param used what of that is no headroom; for this, the others give back what they have
 * above their shares, for headroom they don't
 */
public record Demand(int slots, int used) {

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if {@code used} is negative or above {@code slots}
	 */
	public Demand {
		if (used < 0 || used > slots) {
			throw new IllegalArgumentException("used " + used + " of " + slots + " slots: has to be in between");
		}
	}

	/**
	 * A demand without headroom.
	 * @param slots slots, at least 0
	 * @return the demand
	 * @throws IllegalArgumentException if {@code slots} is negative
	 */
	public static Demand of(int slots) {
		return new Demand(slots, slots);
	}

	/**
	 * A demand as somebody announced it, perhaps halfway to the next one.
	 * @param slots slots, at least 0
	 * @param used what of that is no headroom, at least 0
	 * @return the demand
	 */
	public static Demand read(int slots, int used) {
		return new Demand(slots, Math.min(slots, used));
	}

	/**
	 * The same, but not more than can be used.
	 * @param most slots, at least 0
	 * @return the demand, {@code most} at most
	 */
	public Demand atMost(int most) {
		return (this.slots <= most) ? this : new Demand(most, Math.min(this.used, most));
	}

	/** Whether it is larger than what was told. */
	boolean rises(Demand told) {
		return this.slots > told.slots || this.used > told.used;
	}

	/** Whether it is smaller than what was told, by a fifth of it or more. */
	boolean falls(Demand told) {
		return fell(told.slots, this.slots) || fell(told.used, this.used);
	}

	private static boolean fell(int from, int to) {
		return to < from && 5L * to <= 4L * from;
	}

}
