package io.poolwise.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole number, or an exact decimal percentage of another one.
 *
 * @param value the number, or the percentage ({@code 25} for 25 %), never negative
 * @param percent whether the value is a percentage
 */
record CountOrPercent(BigDecimal value, boolean percent) {

	// Bounded, so that no text makes the exact arithmetic expensive.
	private static final Pattern PERCENT = Pattern.compile("(\\d{1,10}(?:\\.\\d{1,10})?)\\s*%");

	private static final Pattern COUNT = Pattern.compile("\\d{1,10}");

	/**
	 * Parses a number such as {@code 10} or a percentage such as {@code 12.5%}.
	 * @param text the text; white space around it and before the percent sign is ignored
	 * @param what what the text stands for, which begins the message of a refusal
	 * @return the parsed value
	 * @throws IllegalArgumentException if the text is neither, or the number is above
	 * {@link Integer#MAX_VALUE}
	 */
	static CountOrPercent parse(String text, String what) {
		String trimmed = text.strip();
		Matcher percent = PERCENT.matcher(trimmed);
		if (percent.matches()) {
			return new CountOrPercent(new BigDecimal(percent.group(1)), true);
		}
		if (!COUNT.matcher(trimmed).matches()) {
			throw new IllegalArgumentException(
					what + " must be a whole number such as 10 or a percentage such as 12.5%, but was '" + text + "'");
		}
		BigDecimal count = new BigDecimal(trimmed);
		if (count.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
			throw new IllegalArgumentException(
					what + " must be at most " + Integer.MAX_VALUE + ", but was '" + text + "'");
		}
		return new CountOrPercent(count, false);
	}

	/**
	 * Returns the exact part of a whole, before any rounding.
	 * @param whole what a percentage is of
	 * @return the number itself, or the percentage of the whole
	 */
	BigDecimal exactPartOf(int whole) {
		return this.percent ? BigDecimal.valueOf(whole).multiply(this.value).movePointLeft(2) : this.value;
	}

	/**
	 * Returns the part of a whole, rounded up to a whole number.
	 * @param whole what a percentage is of
	 * @return the number itself, or the percentage of the whole, rounded up
	 */
	BigDecimal partOf(int whole) {
		return exactPartOf(whole).setScale(0, RoundingMode.CEILING);
	}

	@Override
	public String toString() {
		return Numbers.plain(this.value) + (this.percent ? "%" : "");
	}

}
