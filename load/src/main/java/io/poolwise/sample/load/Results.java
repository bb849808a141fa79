package io.poolwise.sample.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes measurements: tables for people, data for programs, plots for both.
 */
final class Results {

	/** Shown even if there are none. */
	private static final Set<String> ALWAYS = Set.of("failed", "completed %");

	private static final String BEGIN = "<!-- written by LoadRun from here -->";

	private static final String END = "<!-- to here -->";

	private final LoadSettings settings;

	private final List<Measurement> measurements;

	private final double loadBefore;

	/**
	 * Takes what was measured so far.
	 * @param settings the settings
	 * @param measurements in the order in which they were made
	 * @param loadBefore the machine's load average before the first one
	 */
	Results(LoadSettings settings, List<Measurement> measurements, double loadBefore) {
		this.settings = settings;
		this.loadBefore = loadBefore;
		this.measurements = measurements;
	}

	/** Writes all files; what stands around the tables in an older one stays. */
	void write(Path folder) throws IOException {
		Path tables = folder.resolve("incidents.md");
		String old = Files.exists(tables) ? Files.readString(tables)
				: "# The incidents, replayed\n\n" + BEGIN + "\n" + END + "\n";
		int begin = old.indexOf(BEGIN);
		int end = old.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IOException(tables + " has lost the marks between which the tables stand");
		}
		StringBuilder text = new StringBuilder(old.substring(0, begin)).append(BEGIN)
			.append("\n\n")
			.append(circumstances())
			.append('\n');
		for (Map.Entry<Scenario, List<Measurement>> entry : byScenario().entrySet()) {
			text.append(section(entry.getKey(), entry.getValue()));
			plot(folder, entry.getKey(), entry.getValue());
		}
		Files.writeString(tables, text.append('\n') + old.substring(end));
		Files.write(folder.resolve("incidents.csv"), csv());
		Files.write(folder.resolve("incidents-timeline.csv"), timeline());
	}

	/** How often a scenario was measured. */
	static int rounds(List<Measurement> measurements, Scenario scenario) {
		return measurements.stream()
			.filter((measurement) -> measurement.scenario().equals(scenario.key()))
			.mapToInt(Measurement::round)
			.max()
			.orElse(0);
	}

	/** Under what the numbers came about. */
	private String circumstances() {
		String users = (this.settings.users() > 0)
				? " **" + this.settings.users() + " users**, whatever the headings say." : "";
		return String.format(Locale.ROOT,
				"%s; %d processors, JDK %s, load average %.1f before the run. Each contender %d s after %d s of warm-up,"
						+ " up to %d round(s); users think %d ms on average, a report holds its"
						+ " connection for %d ms.%s%n",
				LocalDate.now(ZoneId.systemDefault()), Runtime.getRuntime().availableProcessors(), Runtime.version(),
				this.loadBefore, this.settings.duration().toSeconds(), this.settings.warmUp().toSeconds(),
				this.measurements.stream().mapToInt(Measurement::round).max().orElse(0),
				this.settings.think().toMillis(), this.settings.report().toMillis(), users);
	}

	private Map<Scenario, List<Measurement>> byScenario() {
		return this.measurements.stream()
			.collect(Collectors.groupingBy((measurement) -> Scenario.of(measurement.scenario()), LinkedHashMap::new,
					Collectors.toList()));
	}

	private String section(Scenario scenario, List<Measurement> measured) {
		Map<String, List<Measurement>> rows = byContender(measured);
		Set<String> metrics = measured.stream()
			.flatMap((measurement) -> measurement.values().keySet().stream())
			.collect(Collectors.toCollection(LinkedHashSet::new));
		List<String> shown = metrics.stream()
			.filter((metric) -> ALWAYS.contains(metric)
					|| measured.stream().anyMatch((measurement) -> measurement.value(metric) > 0))
			.toList();
		StringBuilder text = new StringBuilder("\n## ").append(scenario.title()).append("\n\n");
		text.append("| | ").append(String.join(" | ", shown)).append(" | seen |\n|---|");
		text.append("---:|".repeat(shown.size())).append("---|\n");
		rows.forEach((contender, all) -> {
			List<String> cells = new ArrayList<>(List.of(contender));
			shown.forEach((metric) -> cells.add(cell(all.stream().map((each) -> each.value(metric)).toList())));
			cells.add(String.join("; ", all.get(all.size() - 1).notes()));
			text.append("| ").append(String.join(" | ", cells)).append(" |\n");
		});
		if (measured.stream().anyMatch((measurement) -> !measurement.timeline().isEmpty())) {
			text.append("\n").append(String.join("\n", new Goals(rows).lines())).append("\n");
			text.append("\n![Sessions at the database](").append(file(scenario, "sessions"));
			text.append(")\n![Requests completed a second](").append(file(scenario, "completed")).append(")\n");
		}
		return text.toString();
	}

	private static Map<String, List<Measurement>> byContender(List<Measurement> measured) {
		return measured.stream()
			.collect(Collectors.groupingBy((measurement) -> measurement.contender().replaceAll(" \\(.*", ""),
					LinkedHashMap::new, Collectors.toList()))
			.values()
			.stream()
			.collect(Collectors.toMap((all) -> all.get(0).contender(), (all) -> all, (one, other) -> one,
					LinkedHashMap::new));
	}

	/** The median, and with several rounds the extremes. */
	private static String cell(List<Double> values) {
		List<Double> sorted = values.stream().filter((value) -> !value.isNaN()).sorted().toList();
		if (sorted.isEmpty()) {
			return "";
		}
		int size = sorted.size();
		String text = number(median(sorted));
		return (size == 1 || sorted.get(0).equals(sorted.get(size - 1))) ? text
				: text + " (" + number(sorted.get(0)) + " to " + number(sorted.get(size - 1)) + ")";
	}

	/** The middle one of sorted values, of which there is at least one. */
	static double median(List<Double> sorted) {
		int size = sorted.size();
		return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
	}

	private static String number(double value) {
		if (value == Math.rint(value)) {
			return String.format(Locale.ROOT, "%,d", (long) value);
		}
		return String.format(Locale.ROOT, (value < 10) ? "%.2f" : (value < 1000) ? "%.1f" : "%,.0f", value);
	}

	private List<String> csv() {
		List<String> lines = new ArrayList<>(List.of("scenario,contender,round,metric,value"));
		for (Measurement measurement : this.measurements) {
			measurement.values()
				.forEach((metric, value) -> lines.add(String.format(Locale.ROOT, "%s,\"%s\",%d,\"%s\",%.3f",
						measurement.scenario(), measurement.contender(), measurement.round(), metric, value)));
		}
		return lines;
	}

	private List<String> timeline() {
		List<String> lines = new ArrayList<>(
				List.of("scenario,contender,round,second,sessions,completed,refused,failed"));
		for (Measurement measurement : this.measurements) {
			for (int i = 0; i < measurement.timeline().size(); i++) {
				Measurement.Moment moment = measurement.timeline().get(i);
				lines.add("%s,\"%s\",%d,%d,%d,%d,%d,%d".formatted(measurement.scenario(), measurement.contender(),
						measurement.round(), i, moment.sessions(), moment.completed(), moment.refused(),
						moment.failed()));
			}
		}
		return lines;
	}

	private void plot(Path folder, Scenario scenario, List<Measurement> measured) throws IOException {
		Map<String, List<Double>> sessions = new LinkedHashMap<>();
		Map<String, List<Double>> completed = new LinkedHashMap<>();
		byContender(measured).forEach((contender, rounds) -> {
			List<Measurement.Moment> last = rounds.get(rounds.size() - 1).timeline();
			if (!last.isEmpty()) {
				sessions.put(contender, last.stream().map((moment) -> (double) moment.sessions()).toList());
				completed.put(contender, last.stream().map((moment) -> (double) moment.completed()).toList());
			}
		});
		if (!sessions.isEmpty()) {
			Files.writeString(folder.resolve(file(scenario, "sessions")),
					new LineChart("Sessions at the database: " + scenario.title(), sessions,
							Map.of("limit", (double) Servers.LIMIT, "budget", (double) Servers.BUDGET))
						.svg());
			Files.writeString(folder.resolve(file(scenario, "completed")),
					new LineChart("Requests completed a second: " + scenario.title(), completed, Map.of()).svg());
		}
	}

	private static String file(Scenario scenario, String what) {
		return "incidents-" + scenario.key() + "-" + what + ".svg";
	}

}
