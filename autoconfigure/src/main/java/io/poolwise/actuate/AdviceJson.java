package io.poolwise.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.poolwise.advice.Advice;
import io.poolwise.advice.SizeRange;

/**
 * The advice on a pool's sizes, as a map in the order that a person reads it.
 */
final class AdviceJson {

	private AdviceJson() {
	}

	/**
	 * Describes an advice.
	 * @param advice the advice
	 * @return {@code min_size} and {@code max_size} with {@code from} and {@code to},
	 * {@code confidence}, and {@code reasons}; the reasons alone where the measurements
	 * are too few
	 */
	static Map<String, Object> of(Advice advice) {
		Map<String, Object> json = new LinkedHashMap<>();
		if (advice instanceof Advice.Sizes sizes) {
			json.put("min_size", range(sizes.min()));
			json.put("max_size", range(sizes.max()));
			json.put("confidence", sizes.confidence().jsonName());
		}
		json.put("reasons", advice.reasons());
		return json;
	}

	private static Map<String, Object> range(SizeRange range) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("from", range.low());
		json.put("to", range.high());
		return json;
	}

}
