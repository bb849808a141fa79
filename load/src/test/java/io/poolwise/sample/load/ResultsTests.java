package io.poolwise.sample.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link Results}.
 */
class ResultsTests {

	@TempDir
	Path folder;

	@Test
	void showsTheMedianAndTheExtremesOfTheRounds() throws IOException {
		write(seen("stock", 1, 10), seen("stock", 2, 30), seen("stock", 3, 20));
		assertThat(Files.readString(this.folder.resolve("incidents.md"))).contains("| stock | 20 (10 to 30) |");
		assertThat(Files.readAllLines(this.folder.resolve("incidents.csv")))
			.contains("fleet,\"stock\",2,\"completed/s\",30.000");
	}

	@Test
	void takesTheOracleOfAllRoundsForOne() throws IOException {
		write(seen("oracle (12)", 1, 10), seen("oracle (18)", 2, 20));
		assertThat(Files.readString(this.folder.resolve("incidents.md"))).contains("| oracle (12) | 15 (10 to 20) |");
	}

	@Test
	void keepsWhatStandsAroundTheTables() throws IOException {
		Path page = this.folder.resolve("incidents.md");
		Files.writeString(page, "above\n<!-- written by LoadRun from here -->\nyesterday's\n<!-- to here -->\nbelow\n");
		write(seen("stock", 1, 10));
		assertThat(Files.readString(page)).startsWith("above\n").endsWith("below\n").doesNotContain("yesterday's");
	}

	@Test
	void leavesAPageWithoutMarksAlone() throws IOException {
		Path page = this.folder.resolve("incidents.md");
		Files.writeString(page, "somebody's");
		assertThatIOException().isThrownBy(() -> write(seen("stock", 1, 10))).withMessageContaining("lost the marks");
		assertThat(page).hasContent("somebody's");
	}

	@Test
	void plotsTheLastRoundSecondBySecond() throws IOException {
		Measurement.Moment moment = new Measurement.Moment(30, 100, 0, 2);
		write(new Measurement("fleet", "stock", 1, Map.of("completed/s", 10.0), List.of(), List.of(moment, moment)));
		assertThat(Files.readString(this.folder.resolve("incidents-fleet-sessions.svg"))).startsWith("<svg")
			.contains("stock")
			.contains("budget");
		assertThat(Files.readAllLines(this.folder.resolve("incidents-timeline.csv")))
			.contains("fleet,\"stock\",1,1,30,100,0,2");
	}

	private void write(Measurement... measurements) throws IOException {
		new Results(LoadSettings.of("jar=a.jar"), List.of(measurements), 0.5).write(this.folder);
	}

	private static Measurement seen(String contender, int round, double completed) {
		return new Measurement("fleet", contender, round, Map.of("completed/s", completed), List.of(), List.of());
	}

}
