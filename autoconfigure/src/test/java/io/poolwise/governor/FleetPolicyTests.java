package io.poolwise.governor;

import io.poolwise.budget.Fleet;
import io.poolwise.budget.Surge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FleetPolicy}.
 */
class FleetPolicyTests {

	@ParameterizedTest
	@CsvSource({ "0, 1, 2", "0, 3, 4", "25%, 1, 2", "25%, 3, 4", "25%, 8, 10", "2, 3, 5" })
	void peakFollowsTheMembersAndWhoMayJustCome(String surge, int members, int peak) {
		FleetPolicy policy = FleetPolicy.leases(Surge.parse(surge)).following(members);
		assertThat(policy.isPeakKnown()).isTrue();
		assertThat(policy.fleet().replicas()).isEqualTo(members);
		assertThat(policy.fleet().peak()).isEqualTo(peak);
	}

	@Test
	void unknownMembersLeaveThePeakUnknown() {
		FleetPolicy policy = FleetPolicy.leases(Surge.parse("25%")).following(0);
		assertThat(policy.isPeakKnown()).isFalse();
		assertThat(policy.fleet()).isEqualTo(Fleet.unknown());
	}

	@Test
	void whatAnOperatorSaidStands() {
		FleetPolicy policy = new FleetPolicy(FleetMode.FIXED, new Fleet(3, 1), true);
		assertThat(policy.following(7)).isEqualTo(policy);
		assertThat(FleetPolicy.blind().following(7)).isEqualTo(FleetPolicy.blind());
	}

}
