package io.poolwise.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Bytes on the heap by class, or the difference of such numbers.
 *
 * @param bytes by class; a class that isn't there has none
 */
record Histogram(Map<String, Double> bytes) {

	/**
	 * Reads what the JVM's {@code GC.class_histogram} printed.
	 */
	static Histogram parse(String text) {
		Map<String, Double> bytes = new HashMap<>();
		text.lines().map((line) -> line.strip().split("\\s+")).forEach((words) -> {
			if (words.length >= 4 && words[0].matches("\\d+:")) {
				String name = words[3].replaceFirst("[$][$]Lambda.*", " lambda");
				bytes.merge(name, Double.parseDouble(words[2]), Double::sum);
			}
		});
		return new Histogram(bytes);
	}

	/**
	 * What one pool costs, where this is with some pools more than the other.
	 */
	Histogram less(Histogram other, int pools) {
		Map<String, Double> difference = new HashMap<>();
		Set<String> classes = new HashSet<>(this.bytes.keySet());
		classes.addAll(other.bytes.keySet());
		classes.forEach((name) -> difference.put(name,
				(this.bytes.getOrDefault(name, 0.0) - other.bytes.getOrDefault(name, 0.0)) / pools));
		return new Histogram(difference);
	}

	double total() {
		return this.bytes.values().stream().mapToDouble((one) -> one).sum();
	}

	/**
	 * The classes with the most bytes.
	 */
	Map<String, Double> largest(int count) {
		Map<String, Double> largest = new LinkedHashMap<>();
		this.bytes.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Double>comparingByValue().reversed())
			.limit(count)
			.forEach((entry) -> largest.put(entry.getKey(), entry.getValue()));
		return largest;
	}

}
