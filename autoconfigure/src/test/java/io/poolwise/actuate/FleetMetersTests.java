package io.poolwise.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.poolwise.governor.FleetPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FleetMeters}.
 */
class FleetMetersTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void theModeInForceIsOne() {
		try (StubPools pools = new StubPools(StubPools.THREE);
				FleetMeters meters = new FleetMeters(pools.governor(), "prod")) {
			meters.bindTo(this.registry);
			assertThat(mode("fixed")).isEqualTo(1);
			assertThat(mode("leases")).isZero();
			assertThat(mode("blind")).isZero();
		}
	}

	@Test
	void blindIsSeen() {
		try (StubPools pools = new StubPools(FleetPolicy.blind());
				FleetMeters meters = new FleetMeters(pools.governor(), "prod")) {
			meters.bindTo(this.registry);
			assertThat(mode("blind")).isEqualTo(1);
		}
	}

	@Test
	void closingLeavesNothing() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			FleetMeters meters = new FleetMeters(pools.governor(), "prod");
			meters.bindTo(this.registry);
			assertThat(this.registry.getMeters()).hasSize(3);
			meters.close();
			assertThat(this.registry.getMeters()).isEmpty();
		}
	}

	private double mode(String mode) {
		return this.registry.get(FleetMeters.MODE).tags("mode", mode, "profile", "prod").gauge().value();
	}

}
