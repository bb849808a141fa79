package io.poolwise.advice;

import java.util.List;

/**
 * What the measurements of a pool say about its sizes: sizes, or that they say too
 * little. For a person to read; nothing applies it.
 */
public sealed interface Advice {

	/**
	 * Returns what the advice rests on, in plain words, in order.
	 * @return at least one reason
	 */
	List<String> reasons();

	/**
	 * Sizes that fit what was measured.
	 *
	 * @param min what min-size should be
	 * @param max what max-size should be, at least 1; neither end is below the same end
	 * of the minimum
	 * @param confidence how far to trust it
	 * @param reasons what it rests on
	 */
	record Sizes(SizeRange min, SizeRange max, Confidence confidence, List<String> reasons) implements Advice {

		public Sizes {
			if (max.low() < 1 || min.low() > max.low() || min.high() > max.high()) {
				throw new IllegalArgumentException("A minimum of " + min + " doesn't fit a maximum of " + max);
			}
			reasons = List.copyOf(reasons);
		}

	}

	/**
	 * The measurements are too few to say anything.
	 *
	 * @param reasons what is missing
	 */
	record NotEnoughData(List<String> reasons) implements Advice {

		public NotEnoughData {
			reasons = List.copyOf(reasons);
		}

	}

}
