package io.poolwise.sample.watch;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FasterRules}.
 */
class FasterRulesTests {

	private static final Path ALERTS = Path.of("..", "docs", "prometheus", "alerts.yml");

	@TempDir
	private Path folder;

	@Test
	void eachDurationIsDividedAndNothingElseChanges() throws Exception {
		Path rules = Files.writeString(this.folder.resolve("some.yml"), """
				expr: avg_over_time(waits[5m]) > 2 * avg_over_time(waits[30m] offset 5m)
				for: 1m
				for: 30s
				description: "waits for a minute, 1m at most"
				""");
		Path target = Files.createDirectory(this.folder.resolve("faster"));
		assertThat(FasterRules.write(rules, 20, target)).content().isEqualTo("""
				expr: avg_over_time(waits[15000ms]) > 2 * avg_over_time(waits[90000ms] offset 15000ms)
				for: 3000ms
				for: 1500ms
				description: "waits for a minute, 1m at most"
				""");
	}

	@Test
	void noDurationOfTheAlertsIsForgotten() throws Exception {
		assertThat(FasterRules.write(ALERTS, 20, this.folder)).content()
			.contains("for: 3000ms", "[15000ms]")
			.doesNotContainPattern("for: \\d+[smh]\\b")
			.doesNotContainPattern("\\[\\d+[smh]\\]");
	}

	@Test
	void factorOfOneTakesTheFileItself() throws Exception {
		assertThat(FasterRules.write(ALERTS, 1, this.folder)).isSameAs(ALERTS);
	}

}
