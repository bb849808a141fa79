package io.poolwise.pool;

/**
 * A size that a pool is told to have.
 *
 * @param min connections that are kept open while nobody needs them, 0 to {@code max}
 * @param max connections in steady use, at least 1
 * @param overflow connections above {@code max} that a burst may open and that go first
 * when it is over, at least 0
 */
public record PoolSize(int min, int max, int overflow) {

	public PoolSize {
		if (max < 1) {
			throw new IllegalArgumentException("max must be at least 1, was " + max);
		}
		if (min < 0 || min > max) {
			throw new IllegalArgumentException("min must be 0 to max (" + max + "), was " + min);
		}
		if (overflow < 0) {
			throw new IllegalArgumentException("overflow must be at least 0, was " + overflow);
		}
	}

	/**
	 * A size without overflow.
	 * @param min connections kept open, 0 to {@code max}
	 * @param max connections in steady use, at least 1
	 * @return the size
	 */
	public static PoolSize of(int min, int max) {
		return new PoolSize(min, max, 0);
	}

	/**
	 * What the pool may never exceed.
	 * @return {@code max} plus {@code overflow}, in connections
	 */
	public int ceiling() {
		return Math.addExact(this.max, this.overflow);
	}

	@Override
	public String toString() {
		return this.min + " to " + this.max + ((this.overflow > 0) ? " + " + this.overflow : "");
	}

}
