package io.poolwise.lease;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LeaseSettingsTests {

	private final LeaseSettings settings = LeaseSettings.defaults(7, 10);

	@Test
	void seatsAreTakenFromTheBudget() {
		assertThat(this.settings.slots(87)).isEqualTo(85);
		assertThat(this.settings.slots(1)).isZero();
	}

	@Test
	void reserveOfTheWorstMomentIsAskedFor() {
		assertThat(this.settings.reserveNeeded(5, 8)).hasValue(9);
		assertThat(this.settings.reserveNeeded(5, 9)).isEmpty();
		assertThat(this.settings.reserveNeeded(1, 1)).isEmpty();
	}

	@Test
	void excessGrowsWithUnseatedJoinersLossesAndUnknownSessions() {
		assertThat(this.settings.excess(2, 0, 0)).isZero();
		assertThat(this.settings.excess(5, 0, 0)).isEqualTo(2);
		assertThat(this.settings.excess(5, 3, 0)).isEqualTo(5);
		assertThat(this.settings.excess(5, 3, 2)).isEqualTo(7);
	}

	@Test
	void impossibleNumbersAreRefused() {
		Duration second = Duration.ofSeconds(1);
		assertThatIllegalArgumentException().isThrownBy(
				() -> new LeaseSettings(1, 0, 1, 1, 0, second, second, second, second, second, second, second, second));
		assertThatIllegalArgumentException().isThrownBy(
				() -> new LeaseSettings(1, 1, 0, 1, 0, second, second, second, second, second, second, second, second));
		assertThatIllegalArgumentException().isThrownBy(() -> new LeaseSettings(1, 1, 1, 1, 0, second.negated(), second,
				second, second, second, second, second, second));
	}

}
