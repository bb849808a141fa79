package io.poolwise.sample.load;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
	 * @return connections an instance
	 */
	static int best(Scenario scenario, LoadSettings settings) throws Exception {
		// a rolling update differs from the fleet at rest by its restarts only
		Scenario tried = (scenario == Scenario.ROLLING) ? Scenario.FLEET : scenario;
		int share = scenario.plan().share();
		Map<Integer, Measurement> seen = new TreeMap<>();
		for (int size : List.of(share / 4, share / 2, 3 * share / 4, share)) {
			seen.put(size, tried.run(settings.forSweep(), Contender.fixed("sweep-" + size, size), 1));
			LoadRun.say(scenario, "sweep " + size + ": " + Math.round(seen.get(size).value("completed/s")) + "/s");
		}
		return seen.entrySet()
			.stream()
			.max(Comparator.<Map.Entry<Integer, Measurement>>comparingDouble(
					(entry) -> -entry.getValue().value("failed"))
				.thenComparingDouble((entry) -> entry.getValue().value("completed/s")))
			.orElseThrow()
			.getKey();
	}

}
