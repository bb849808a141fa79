package io.poolwise.budget;

import java.math.BigDecimal;

/**
 * The part of a server's limit that is left for people and other programs: a number of
 * connections, or a percentage of the limit.
 * <p>
 * Immutable and thread-safe.
 */
public final class Reserve {

	private static final BigDecimal WHOLE = BigDecimal.valueOf(100);

	private final CountOrPercent amount;

	private Reserve(CountOrPercent amount) {
		this.amount = amount;
	}

	/**
	 * Parses a reserve such as {@code 10%}, {@code 12.5%}, {@code 10} or {@code 0}.
	 * @param text a whole number of connections, or a percentage with at most ten
	 * decimals; white space around it is ignored
	 * @return the reserve
	 * @throws IllegalArgumentException if the text is malformed or negative, or is 100 %
	 * or more
	 */
	public static Reserve parse(String text) {
		CountOrPercent amount = CountOrPercent.parse(text, "A reserve");
		if (amount.percent() && amount.value().compareTo(WHOLE) >= 0) {
			throw new IllegalArgumentException(
					"A reserve must be less than 100% of the limit, or nothing is left to open, but was '" + text
							+ "'");
		}
		return new Reserve(amount);
	}

	/**
	 * Returns the connections that this reserve takes from a limit.
	 * <p>
	 * Examples: 10 % of 97 is 9.7, rounded up to 10; 10 % of 197 is 20.
	 * @param limit the server's limit in connections, 0 or more
	 * @return a percentage of the limit, computed in exact decimals and rounded up, or
	 * the number itself, which may be more than the limit
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public int of(int limit) {
		Numbers.requireAtLeast(0, limit, "A limit");
		return this.amount.partOf(limit).intValueExact();
	}

	String derivation(int limit) {
		if (!this.amount.percent()) {
			return "reserve " + this.amount;
		}
		BigDecimal exact = this.amount.exactPartOf(limit);
		String reserve = "reserve " + this.amount + " of " + limit + " = " + Numbers.plain(exact);
		int rounded = of(limit);
		boolean whole = exact.compareTo(BigDecimal.valueOf(rounded)) == 0;
		return whole ? reserve : reserve + ", rounded up to " + rounded;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Reserve reserve && this.amount.percent() == reserve.amount.percent()
				&& this.amount.value().compareTo(reserve.amount.value()) == 0;
	}

	@Override
	public int hashCode() {
		return toString().hashCode();
	}

	/**
	 * Returns this reserve as it would be written in configuration.
	 * @return a text such as {@code 10%} or {@code 10}
	 */
	@Override
	public String toString() {
		return this.amount.toString();
	}

}
