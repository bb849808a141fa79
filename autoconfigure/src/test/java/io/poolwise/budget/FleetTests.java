package io.poolwise.budget;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Fleet} and {@link Surge}.
 */
class FleetTests {

	@ParameterizedTest
	@CsvSource({ "25%, 1, 1", "25%, 3, 1", "25%, 4, 1", "25%, 5, 2", "25%, 8, 2", "25%, 9, 3", "25%, 10, 3",
			"0%, 10, 0", "1%, 1, 1", "100%, 10, 10", "150%, 3, 5", "12.5%, 8, 1", "12.5%, 9, 2", "0, 10, 0", "1, 10, 1",
			"30, 10, 30", "25%, 2147483647, 536870912", "2147483647, 1, 2147483647", "0%, 2147483647, 0" })
	void percentageIsRoundedUpAsKubernetesDoes(String surge, int replicas, int expected) {
		assertThat(Surge.parse(surge).extra(replicas)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "1, 0, 1", "3, 25%, 4", "10, 25%, 13", "500, 25%, 625", "3, 2, 5", "2147483647, 0, 2147483647" })
	void peakIsReplicasAndSurge(int replicas, String surge, int peak) {
		assertThat(Fleet.of(replicas, Surge.parse(surge)).peak()).isEqualTo(peak);
	}

	@Test
	void unknownFleetPeaksAtOne() {
		assertThat(Fleet.unknown().peak()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "-1", "-25%", "2.5", "25%%", "1e2%" })
	void malformedSurgeIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Surge.parse(text))
			.withMessageContaining("A surge must be a whole number")
			.withMessageContaining("'" + text + "'");
	}

	@Test
	void fleetThatCannotBeCountedIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Fleet.of(Integer.MAX_VALUE, Surge.parse("25%")))
			.withMessageContaining("more instances than can be counted");
		assertThatIllegalArgumentException().isThrownBy(() -> Surge.parse("200%").extra(Integer.MAX_VALUE))
			.withMessageContaining("more than can be counted");
		assertThatIllegalArgumentException().isThrownBy(() -> new Fleet(0, 0))
			.withMessage("Replicas must be at least 1, but was 0");
		assertThatIllegalArgumentException().isThrownBy(() -> Surge.parse("25%").extra(0));
		assertThatIllegalArgumentException().isThrownBy(() -> new Fleet(1, -1));
	}

	@Test
	void equalSurgesAreEqualWhateverTheirNotation() {
		assertThat(Surge.parse("25.0%")).isEqualTo(Surge.parse("25 %"))
			.hasSameHashCodeAs(Surge.parse("25%"))
			.hasToString("25%");
		assertThat(Surge.parse("1")).isNotEqualTo(Surge.parse("1%")).isNotEqualTo(Surge.parse("2"));
	}

}
