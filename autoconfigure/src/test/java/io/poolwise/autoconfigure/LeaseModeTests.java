package io.poolwise.autoconfigure;

import io.poolwise.governor.FleetMode;
import io.poolwise.governor.LeasesImpossibleException;
import io.poolwise.governor.PoolGovernor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests of the mode where leases cannot be had.
 */
class LeaseModeTests {

	@Test
	void mustOnADatabaseWithoutALimitStopsTheStart() {
		assertThatThrownBy(() -> TestApplication.onH2().with("pool.leases.mode=on").run()).rootCause()
			.isInstanceOf(LeasesImpossibleException.class)
			.hasMessage("primary: pool.leases.mode is on, but the server has no connection limit to share");
	}

	@Test
	void failureIsExplained() {
		FailureAnalysis analysis = new LeasesImpossibleFailureAnalyzer()
			.analyze(new LeasesImpossibleException("primary", "a pooler stands before the server"));
		assertThat(analysis.getDescription())
			.isEqualTo("pool.leases.mode is on, and the pool 'primary' can't have leases: "
					+ "a pooler stands before the server.");
		assertThat(analysis.getAction()).contains("pool.replicas");
	}

	@Test
	void wishOnADatabaseWithoutALimitIsBlind() {
		try (ConfigurableApplicationContext context = TestApplication.onH2().with("pool.profile=prod").run()) {
			assertThat(context.getBean(PoolGovernor.class).fleet().mode()).isEqualTo(FleetMode.BLIND);
			assertThat(context.getBean(PoolGovernor.class).leases()).isEmpty();
			assertThat(context.getBean(PoolGovernor.class).pools().get(0).target().max()).isEqualTo(50);
		}
	}

	@ParameterizedTest
	@CsvSource({ "pool.leases.namespace, it's mine", "pool.leases.seats, 0", "pool.leases.poll-interval, 10ms" })
	void valueThatMakesNoSenseStopsTheStart(String key, String value) {
		assertThatThrownBy(() -> TestApplication.onH2().with(key + "=" + value).run()).rootCause()
			.hasMessageContaining(key);
	}

}
