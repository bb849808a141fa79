package io.poolwise.sample.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Archive}.
 */
class ArchiveTests {

	@TempDir
	Path folder;

	@Test
	void isEmptyAtFirst() throws IOException {
		assertThat(new Archive(this.folder.resolve("none")).read()).isEmpty();
	}

	@Test
	void keepsAllOfAMeasurement() throws IOException {
		List<Measurement> measured = List.of(new Measurement("fleet", "stock", 2, Map.of("p99 ms", 1.5),
				List.of("a note"), List.of(new Measurement.Moment(30, 100, 1, 2))));
		new Archive(this.folder.resolve("new")).write(measured);
		assertThat(new Archive(this.folder.resolve("new")).read()).isEqualTo(measured);
	}

}
