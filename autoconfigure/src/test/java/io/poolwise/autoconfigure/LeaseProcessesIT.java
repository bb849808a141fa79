package io.poolwise.autoconfigure;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three of the {@link LeaseScenarios} with real processes, on PostgreSQL.
 */
@Timeout(300)
class LeaseProcessesIT {

	@ParameterizedTest
	@EnumSource(names = { "SCALE_LESS", "KILL_BUSY", "COORDINATORS_ENDED" })
	void fleetStaysWithinItsBudgetAndIsFairAgain(LeaseScenarios scenario) throws Exception {
		LeaseFleet.Result result = scenario.run(false);
		assertThat(result.highest()).isLessThanOrEqualTo(result.budget() + result.excess());
		assertThat(result.refused()).isZero();
		assertThat(result.unfair()).as(result.notes()).isZero();
	}

}
