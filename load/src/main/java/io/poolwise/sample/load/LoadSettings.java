package io.poolwise.sample.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of the scenarios was told.
 *
 * @param scenarios which ones to play
 * @param contenders only these, by name; empty: those of the scenario
 * @param users how many users there are; 0: as many as the scenario says
 * @param duration how long a contender is measured
 * @param warmUp how long there is traffic before that
 * @param sweep how long each size is measured when the best is looked for
 * @param think how long users think, on average
 * @param report how long a report holds its connection
 * @param rounds how often each contender is measured
 * @param again whether this run adds rounds to what the one before measured
 * @param results the folder for tables, data and plots
 * @param work the folder for logs
 * @param jar the packaged sample
 */
record LoadSettings(List<Scenario> scenarios, List<String> contenders, int users, Duration duration, Duration warmUp,
		Duration sweep, Duration think, Duration report, int rounds, boolean again, Path results, Path work, Path jar) {

	private static final List<String> KEYS = List.of("scenario", "contenders", "users", "seconds", "warm-up", "sweep",
			"think", "report", "rounds", "again", "results", "work", "jar");

	/** Reads arguments of the form {@code key=value}; an empty value is the default. */
	static LoadSettings of(String... arguments) {
		Map<String, String> given = new HashMap<>();
		for (String argument : arguments) {
			String[] parts = argument.split("=", 2);
			if (parts.length != 2 || !KEYS.contains(parts[0])) {
				throw new IllegalArgumentException("'" + argument + "' isn't key=value with a key of " + KEYS);
			}
			if (!parts[1].isBlank()) {
				given.put(parts[0], parts[1]);
			}
		}
		String scenario = given.getOrDefault("scenario", "all");
		boolean all = scenario.equals("all");
		List<Scenario> scenarios = all ? List.of(Scenario.values())
				: names(scenario).stream().map(Scenario::of).toList();
		String work = given.getOrDefault("work", "target/load");
		return new LoadSettings(scenarios, names(given.getOrDefault("contenders", "")),
				Integer.parseInt(given.getOrDefault("users", "0")), seconds(given.getOrDefault("seconds", "20")),
				seconds(given.getOrDefault("warm-up", "12")), seconds(given.getOrDefault("sweep", "10")),
				millis(given.getOrDefault("think", "3000")), millis(given.getOrDefault("report", "6000")),
				Integer.parseInt(given.getOrDefault("rounds", "1")),
				Boolean.parseBoolean(given.getOrDefault("again", "false")),
				Path.of(given.getOrDefault("results", all ? "../docs/results" : work)), Path.of(work),
				Path.of(given.getOrDefault("jar", "")));
	}

	private static List<String> names(String text) {
		return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
	}

	private static Duration millis(String text) {
		return Duration.ofMillis(Long.parseLong(text));
	}

	private static Duration seconds(String text) {
		return Duration.ofSeconds(Long.parseLong(text));
	}

	/** The same, but measured for a shorter time. */
	LoadSettings forSweep() {
		return new LoadSettings(this.scenarios, this.contenders, this.users, this.sweep, this.warmUp, this.sweep,
				this.think, this.report, this.rounds, this.again, this.results, this.work, this.jar);
	}

	int users(int otherwise) {
		return (this.users > 0) ? this.users : otherwise;
	}

}
