package io.poolwise.testservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The alert and recording rules, as Prometheus' own tool sees them.
 */
class AlertRulesIT {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Path RULES = DOCS.resolve("prometheus");

	private static final Pattern METRIC = Pattern.compile("(?<![\\w:])pool_[a-z0-9_]+");

	private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");

	private static final Pattern RUNBOOK = Pattern.compile("runbook: docs/([\\w-]+\\.md)#([\\w-]+)");

	@Test
	void eachAlertFiresAndStaysSilentAsItShould(@TempDir Path directory) throws Exception {
		promtool(directory, "check", "rules", RULES.resolve("alerts.yml").toString(),
				RULES.resolve("recording.yml").toString());
		promtool(directory, "test", "rules", RULES.resolve("alerts_test.yml").toString());
	}

	@Test
	void configurationForComposeIsValid(@TempDir Path directory) throws Exception {
		promtool(directory, "check", "config", "--syntax-only", DOCS.resolve("compose/prometheus.yml").toString());
	}

	private static void promtool(Path directory, String... arguments) throws Exception {
		NativeProgram program = NativeProgram.find("prometheus", "usr/bin/promtool");
		Path output = directory.resolve("output");
		ProcessBuilder builder = new ProcessBuilder(program.file().toString()).redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.command().addAll(Arrays.asList(arguments));
		builder.environment().putAll(program.environment());
		Process process = builder.start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("promtool ends in time").isTrue();
			assertThat(process.exitValue()).as(Files.readString(output)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void eachAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
		List<String> cases = Arrays
			.asList(Files.readString(RULES.resolve("alerts_test.yml")).split("- eval_time: ", -1));
		for (String alert : find(ALERT, RULES.resolve("alerts.yml"))) {
			List<String> its = cases.stream().filter((each) -> each.contains("alertname: " + alert + "\n")).toList();
			assertThat(its).as(alert + " fires").anyMatch((each) -> each.contains("exp_alerts:"));
			assertThat(its).as(alert + " is silent").anyMatch((each) -> !each.contains("exp_alerts:"));
		}
	}

	@Test
	void eachMetricInARuleIsOneOfOurs() throws IOException {
		Set<String> documented = find(METRIC, DOCS.resolve("metrics.md"));
		for (String file : List.of("alerts.yml", "recording.yml", "alerts_test.yml")) {
			assertThat(find(METRIC, RULES.resolve(file))).as(file).isNotEmpty().isSubsetOf(documented);
		}
	}

	@Test
	void eachRunbookExists() throws IOException {
		Matcher runbook = RUNBOOK.matcher(Files.readString(RULES.resolve("alerts.yml")));
		int found = 0;
		while (runbook.find()) {
			List<String> anchors = Files.readAllLines(DOCS.resolve(runbook.group(1)))
				.stream()
				.filter((line) -> line.startsWith("## "))
				.map((line) -> line.substring(3).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-'))
				.toList();
			assertThat(anchors).contains(runbook.group(2));
			found++;
		}
		assertThat(found).isEqualTo(find(ALERT, RULES.resolve("alerts.yml")).size());
	}

	private static Set<String> find(Pattern pattern, Path file) throws IOException {
		Set<String> found = new TreeSet<>();
		Matcher matcher = pattern.matcher(Files.readString(file));
		while (matcher.find()) {
			found.add((matcher.groupCount() > 0) ? matcher.group(1) : matcher.group());
		}
		return found;
	}

}
