package io.poolwise.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.poolwise.actuate.PoolMeters;
import io.poolwise.governor.PoolGovernor;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolMetricsAutoConfiguration}.
 */
class PoolMetricsAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, HikariPoolAutoConfiguration.class,
				DataSourceAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				PoolMetricsAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:meters", "pool.database.max-size=7");

	@Test
	void metersAreBoundToTheRegistryAndGoWithTheApplication() {
		SimpleMeterRegistry shared = new SimpleMeterRegistry();
		this.runner.withBean("shared", MeterRegistry.class, () -> shared).run((context) -> {
			assertThat(shared.get("pool.max").tags("pool", "primary", "kind", "database").gauge().value()).isEqualTo(7);
			assertThat(shared.get("pool.size").gauge().value()).isZero();
		});
		assertThat(shared.find("pool.max").gauges()).isEmpty();
	}

	@Test
	void metersCanBeSwitchedOff() {
		this.runner.withPropertyValues("management.metrics.enable.pool=false")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("pool.max").gauge()).isNull());
	}

	@Test
	void switchedOffThereIsNothing() {
		this.runner.withPropertyValues("pool.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolMeters.class));
	}

	@Test
	void withoutARegistryThereIsNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PoolGovernor.class)
				.doesNotHaveBean(PoolMeters.class));
	}

	@Test
	void withoutMicrometerThereIsNothing() {
		new ApplicationContextRunner().withClassLoader(new FilteredClassLoader(MeterBinder.class))
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PoolGovernor.class)
				.doesNotHaveBean("poolMeters"));
	}

	@Test
	void metersOfTheApplicationWin() {
		this.runner.withBean("own", PoolMeters.class)
			.run((context) -> assertThat(context).getBeanNames(PoolMeters.class).containsExactly("own"));
	}

}
