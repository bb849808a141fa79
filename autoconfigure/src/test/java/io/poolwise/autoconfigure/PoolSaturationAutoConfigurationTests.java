package io.poolwise.autoconfigure;

import io.poolwise.actuate.SaturationHealthIndicator;
import io.poolwise.actuate.SaturationInReadiness;
import io.poolwise.governor.PoolGovernor;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolSaturationAutoConfiguration}.
 */
class PoolSaturationAutoConfigurationTests {

	private static final String PART = "poolSaturation";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolSaturationAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				ApplicationAvailabilityAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=health");

	private final ApplicationContextRunner withGrace = this.runner
		.withPropertyValues("pool.health.saturation-grace=30s");

	@Test
	void saturationIsPartOfReadinessAndOfNothingElse() {
		this.withGrace
			.withPropertyValues("management.endpoint.health.group.all.include=*",
					"management.endpoint.health.group.readiness.include=readinessState")
			.run((context) -> {
				HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
				assertThat(groups.get("readiness").isMember(PART)).isTrue();
				assertThat(groups.get("readiness").isMember("readinessState")).isTrue();
				assertThat(groups.get("liveness").isMember(PART)).isFalse();
				assertThat(groups.get("liveness").isMember("livenessState")).isTrue();
				assertThat(groups.get("all").isMember(PART)).isFalse();
				assertThat(groups.getPrimary().isMember(PART)).isFalse();
				assertThat(groups.getPrimary().isMember("db")).isTrue();
				assertThat(groups.get("nothing")).isNull();
			});
	}

	@Test
	void readinessThatSpringBootMakesHasThePartToo() {
		this.withGrace.run((context) -> {
			HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
			assertThat(groups.getNames()).containsExactlyInAnyOrder("liveness", "readiness");
			assertThat(groups.get("readiness").isMember(PART)).isTrue();
			assertThat(groups.get("liveness").isMember(PART)).isFalse();
		});
	}

	@Test
	void byDefaultSaturationHasNoBearingOnHealth() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(PoolGovernor.class)
			.doesNotHaveBean(SaturationHealthIndicator.class)
			.doesNotHaveBean(SaturationInReadiness.class));
	}

	@Test
	void graceOfNothingStopsTheStart() {
		for (String grace : new String[] { "0s", "-5s" }) {
			this.runner.withPropertyValues("pool.health.saturation-grace=" + grace)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(InvalidConfigurationPropertyValueException.class)
					.hasMessageContaining("pool.health.saturation-grace"));
		}
	}

	@Test
	void switchedOffThereIsNothing() {
		this.withGrace.withPropertyValues("pool.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SaturationInReadiness.class));
	}

	@Test
	void withoutBootsHealthThereIsNothing() {
		new ApplicationContextRunner().withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.withConfiguration(
					AutoConfigurations.of(PoolAutoConfiguration.class, PoolSaturationAutoConfiguration.class))
			.withPropertyValues("pool.health.saturation-grace=30s")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PoolGovernor.class)
				.doesNotHaveBean("poolSaturationHealthIndicator"));
	}

	@Test
	void indicatorOfTheApplicationWins() {
		HealthIndicator own = () -> Health.up().build();
		this.withGrace.withBean("poolSaturationHealthIndicator", HealthIndicator.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(SaturationInReadiness.class)
				.doesNotHaveBean(SaturationHealthIndicator.class)
				.getBean("poolSaturationHealthIndicator")
				.isSameAs(own));
	}

}
