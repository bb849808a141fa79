package io.poolwise.sample.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
 * @param rounds how often each contender is measured
 * @param results the folder for tables, data and plots
 * @param work the folder for logs
 * @param jar the packaged sample
 */
record LoadSettings(List<Scenario> scenarios, List<String> contenders, int users, Duration duration, Duration warmUp,
		Duration sweep, Duration think, int rounds, Path results, Path work, Path jar) {

	/** Reads arguments of the form {@code key=value}; an empty value is the default. */
	static LoadSettings of(String... arguments) {
		Map<String, String> values = new LinkedHashMap<>(Map.of("scenario", "all", "contenders", "", "users", "0",
				"seconds", "40", "warm-up", "10", "sweep", "10", "think", "250", "rounds", "1"));
		values.putAll(Map.of("results", "", "work", "target/load", "jar", ""));
		for (String argument : arguments) {
			String[] parts = argument.split("=", 2);
			if (parts.length != 2 || !values.containsKey(parts[0])) {
				throw new IllegalArgumentException("'" + argument + "': give one of " + values.keySet() + " as key=value");
			}
			if (!parts[1].isBlank()) {
				values.put(parts[0], parts[1]);
			}
		}
		String scenario = values.get("scenario");
		boolean all = scenario.equals("all");
		List<Scenario> scenarios = all ? List.of(Scenario.values())
				: Arrays.stream(scenario.split(",")).map(Scenario::of).toList();
		String results = values.get("results").isEmpty() ? (all ? "../docs/results" : values.get("work"))
				: values.get("results");
		return new LoadSettings(scenarios,
				values.get("contenders").isEmpty() ? List.of() : List.of(values.get("contenders").split(",")),
				Integer.parseInt(values.get("users")), seconds(values.get("seconds")), seconds(values.get("warm-up")),
				seconds(values.get("sweep")), Duration.ofMillis(Long.parseLong(values.get("think"))),
				Integer.parseInt(values.get("rounds")), Path.of(results), Path.of(values.get("work")),
				Path.of(values.get("jar")));
	}

	private static Duration seconds(String text) {
		return Duration.ofSeconds(Long.parseLong(text));
	}

	/** The same, but measured for a shorter time. */
	LoadSettings forSweep() {
		return new LoadSettings(this.scenarios, this.contenders, this.users, this.sweep, this.warmUp, this.sweep,
				this.think, this.rounds, this.results, this.work, this.jar);
	}

	int users(int otherwise) {
		return (this.users > 0) ? this.users : otherwise;
	}

}
