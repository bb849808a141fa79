package io.poolwise.sample.load;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the static size that is best for exactly this fleet and load, by trying.
 */
final class Oracle {

	private Oracle() {
	}

	/**
	 * The best of four sizes, up to the largest with which the fleet stays below the
	 * limit: the one with the most completed requests of those without a failure.
	 * @param scenario what it should be best for
	 * @param settings the settings
	 * @return the best, and what the others did
	 */
	static Answer ask(Scenario scenario, LoadSettings settings) throws Exception {
		// a rolling update differs from the fleet at rest by its restarts only
		Scenario tried = (scenario == Scenario.ROLLING) ? Scenario.FLEET : scenario;
		int share = scenario.plan().share();
		Map<Integer, Measurement> seen = new TreeMap<>();
		for (int size : List.of(share / 4, share / 2, 3 * share / 4, share)) {
			seen.put(size, tried.run(settings.forSweep(), Contender.fixed("sweep-" + size, size), 1));
			LoadRun.say(scenario, "sweep " + size + ": " + Math.round(seen.get(size).value("completed/s")) + "/s");
		}
		int best = best(seen);
		return new Answer(best,
				seen.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + ": " + Math.round(entry.getValue().value("completed/s")) + "/s")
					.collect(Collectors.joining(", ")));
	}

	/** The size with the fewest failures, and of those the one that completed most. */
	static int best(Map<Integer, Measurement> bySize) {
		return bySize.entrySet()
			.stream()
			.max(Comparator.<Map.Entry<Integer, Measurement>>comparingDouble(
					(entry) -> -entry.getValue().value("failed"))
				.thenComparingDouble((entry) -> entry.getValue().value("completed/s")))
			.orElseThrow()
			.getKey();
	}

	/**
	 * The best size.
	 *
	 * @param size connections an instance
	 * @param tried what each size completed in a second, for people
	 */
	record Answer(int size, String tried) {
	}

}
