package io.poolwise.sample.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What was promised, held against what was measured: medians over the rounds.
 */
final class Goals {

	private static final double OF_ORACLE = 0.95;

	private final Map<String, List<Measurement>> measured;

	/**
	 * Takes the measurements of one scenario.
	 * @param measured all rounds, by contender
	 */
	Goals(Map<String, List<Measurement>> measured) {
		this.measured = measured;
	}

	/** A line for each contender of ours. */
	List<String> lines() {
		return this.measured.keySet()
			.stream()
			.filter(Goals::isOurs)
			.map((name) -> "- `" + name + "`: " + String.join("; ", verdicts(name)) + ".")
			.toList();
	}

	private List<String> verdicts(String name) {
		List<String> verdicts = new ArrayList<>();
		boolean bounded = name.endsWith("max-pending");
		verdicts.add(bounded
				? verdict(worst(name, "failed") == 0 && worst(name, "timed out") == 0,
						"nothing failed but what was refused")
				: verdict(completes(name), "all completed, nothing failed, no start either"));
		throughput(name).ifPresent(verdicts::add);
		latency(name).ifPresent(verdicts::add);
		int settled = (int) worst(name, "settled sessions");
		verdicts.add(verdict(settled <= Servers.BUDGET, "at most " + settled + " sessions of " + Servers.BUDGET));
		int highest = (int) worst(name, "highest sessions");
		if (highest > settled) {
			verdicts.add(verdict(highest < Servers.LIMIT,
					highest + " of " + Servers.LIMIT + " with those that were only connecting"));
		}
		return verdicts;
	}

	/** Against the oracle, or against every static size where there is none. */
	private Optional<String> throughput(String name) {
		Optional<String> oracle = best("completed/s", (other) -> other.startsWith("oracle"));
		if (oracle.isPresent()) {
			double part = ratio(name, oracle.get(), "completed/s");
			return Optional.of(verdict(part >= OF_ORACLE, "throughput " + number(part) + " of the oracle"));
		}
		return best("completed/s", (other) -> other.startsWith("static-")).map((other) -> {
			double part = ratio(name, other, "completed/s");
			return verdict(part > 1, "throughput " + number(part) + " of the best static size, `" + other + "`");
		});
	}

	/** Against the best of the others that complete. */
	private Optional<String> latency(String name) {
		return this.measured.keySet()
			.stream()
			.filter((other) -> !isOurs(other) && completes(other))
			.min(Comparator.comparingDouble((other) -> median(other, "p99 ms")))
			.map((other) -> {
				double part = ratio(name, other, "p99 ms");
				return verdict(part < 1, "p99 " + number(part) + " of that of the best other, `" + other + "`");
			});
	}

	private Optional<String> best(String metric, Predicate<String> which) {
		return this.measured.keySet()
			.stream()
			.filter(which)
			.max(Comparator.comparingDouble((other) -> median(other, metric)));
	}

	private boolean completes(String name) {
		return worst(name, "failed") == 0 && worst(name, "refused") == 0 && !(worst(name, "failed starts") > 0);
	}

	private double ratio(String name, String other, String metric) {
		return median(name, metric) / median(other, metric);
	}

	private double median(String name, String metric) {
		return Results.median(rounds(name).stream().map((round) -> round.value(metric)).sorted().toList());
	}

	private double worst(String name, String metric) {
		return rounds(name).stream().mapToDouble((round) -> round.value(metric)).max().orElse(Double.NaN);
	}

	private List<Measurement> rounds(String name) {
		return this.measured.getOrDefault(name, List.of());
	}

	private static boolean isOurs(String name) {
		return name.startsWith("poolwise");
	}

	private static String verdict(boolean met, String what) {
		return (met ? "met: " : "**missed**: ") + what;
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

}
