package io.poolwise.advice;

/**
 * A range of sizes that the measurements leave open.
 *
 * @param low the least size, in connections, 0 or more
 * @param high the greatest size, at least the least
 */
public record SizeRange(int low, int high) {

	public SizeRange {
		if (low < 0 || high < low) {
			throw new IllegalArgumentException(
					"A range must be ordered and not negative, but was " + low + " to " + high);
		}
	}

	/**
	 * Returns the range with neither end above the same end of another.
	 */
	SizeRange cappedBy(SizeRange other) {
		return new SizeRange(Math.min(this.low, other.low), Math.min(this.high, other.high));
	}

	static SizeRange of(double low, double high, int least) {
		int from = Math.max(least, (int) Math.min(low, Integer.MAX_VALUE));
		return new SizeRange(from, Math.max(from, (int) Math.min(high, Integer.MAX_VALUE)));
	}

	@Override
	public String toString() {
		return (this.low == this.high) ? String.valueOf(this.low) : this.low + " to " + this.high;
	}

}
