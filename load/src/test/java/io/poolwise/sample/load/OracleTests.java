package io.poolwise.sample.load;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Oracle}.
 */
class OracleTests {

	@Test
	void takesTheOneThatCompletesMost() {
		assertThat(Oracle.best(Map.of(6, tried(50, 0), 12, tried(90, 0), 24, tried(80, 0)))).isEqualTo(12);
	}

	@Test
	void takesNoneThatFailsMoreThanAnother() {
		assertThat(Oracle.best(Map.of(6, tried(50, 0), 12, tried(90, 1)))).isEqualTo(6);
	}

	private static Measurement tried(double completed, double failed) {
		return new Measurement("fleet", "sweep", 1, Map.of("completed/s", completed, "failed", failed), List.of(),
				List.of());
	}

}
