package io.poolwise.budget;

import java.math.BigDecimal;

/**
 * The instances above the steady state that are alive during a rolling update: a number,
 * or a percentage of the replicas.
 * <p>
 * Immutable and thread-safe.
 */
public final class Surge {

	private final CountOrPercent amount;

	private Surge(CountOrPercent amount) {
		this.amount = amount;
	}

	/**
	 * Parses a surge such as {@code 25%}, {@code 1} or {@code 0}.
	 * @param text a whole number of instances, or a percentage of the replicas, which may
	 * be above 100 %; white space around it is ignored
	 * @return the surge
	 * @throws IllegalArgumentException if the text is malformed or negative
	 */
	public static Surge parse(String text) {
		return new Surge(CountOrPercent.parse(text, "A surge"));
	}

	/**
	 * Returns how many instances more than the replicas may be alive at once.
	 * <p>
	 * A percentage is rounded up, as Kubernetes rounds the {@code maxSurge} of a
	 * Deployment: 25 % of 3 is 0.75 and so 1; 25 % of 4 is 1; 25 % of 5 is 2.
	 * @param replicas the instances in steady state, at least 1
	 * @return the instances on top, 0 or more
	 * @throws IllegalArgumentException if the replicas are below 1, or the result is
	 * above {@link Integer#MAX_VALUE}
	 */
	public int extra(int replicas) {
		Numbers.requireAtLeast(1, replicas, "Replicas");
		BigDecimal extra = this.amount.partOf(replicas);
		if (extra.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
			throw new IllegalArgumentException(
					"A surge of " + this.amount + " of " + replicas + " replicas is more than can be counted");
		}
		return extra.intValueExact();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Surge surge && this.amount.percent() == surge.amount.percent()
				&& this.amount.value().compareTo(surge.amount.value()) == 0;
	}

	@Override
	public int hashCode() {
		return toString().hashCode();
	}

	/**
	 * Returns this surge as it would be written in configuration.
	 * @return a text such as {@code 25%} or {@code 1}
	 */
	@Override
	public String toString() {
		return this.amount.toString();
	}

}
