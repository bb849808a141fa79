package io.poolwise.budget;

import java.math.BigDecimal;

/**
 * The checks and the notation that the values of this package share.
 */
final class Numbers {

	private Numbers() {
	}

	static void requireAtLeast(long least, long value, String name) {
		if (value < least) {
			throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
		}
	}

	static int saturated(long value) {
		return (int) Math.min(value, Integer.MAX_VALUE);
	}

	static String plain(BigDecimal value) {
		return (value.signum() == 0) ? "0" : value.stripTrailingZeros().toPlainString();
	}

	static String counted(long count, String singular, String plural) {
		return count + " " + ((count == 1) ? singular : plural);
	}

}
