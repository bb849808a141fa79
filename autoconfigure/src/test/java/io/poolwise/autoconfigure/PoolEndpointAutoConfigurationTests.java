package io.poolwise.autoconfigure;

import io.poolwise.actuate.DbPoolEndpoint;
import io.poolwise.actuate.DbPoolPathMapper;
import io.poolwise.actuate.PoolsEndpoint;
import io.poolwise.actuate.PoolsEndpointWebExtension;
import io.poolwise.governor.PoolGovernor;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolEndpointAutoConfiguration}.
 */
class PoolEndpointAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(PoolAutoConfiguration.class, PoolEndpointAutoConfiguration.class, EndpointAutoConfiguration.class));

	private final ApplicationContextRunner exposed = this.runner
		.withPropertyValues("management.endpoints.web.exposure.include=dbpool,pools");

	@Test
	void exposedEndpointsAreThere() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(DbPoolEndpoint.class)
			.hasSingleBean(DbPoolPathMapper.class)
			.hasSingleBean(PoolsEndpoint.class)
			.hasSingleBean(PoolsEndpointWebExtension.class));
	}

	@Test
	void endpointsThatAreNotExposedAreNot() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(PoolGovernor.class)
			.doesNotHaveBean(DbPoolEndpoint.class)
			.doesNotHaveBean(DbPoolPathMapper.class)
			.doesNotHaveBean(PoolsEndpoint.class)
			.doesNotHaveBean(PoolsEndpointWebExtension.class));
	}

	@Test
	void endpointsWithoutAccessAreNotThere() {
		this.exposed
			.withPropertyValues("management.endpoint.dbpool.access=NONE", "management.endpoint.pools.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(DbPoolEndpoint.class)
				.doesNotHaveBean(PoolsEndpoint.class));
	}

	@Test
	void oneEndpointCanBeExposedAlone() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=dbpool")
			.run((context) -> assertThat(context).hasSingleBean(DbPoolEndpoint.class)
				.doesNotHaveBean(PoolsEndpoint.class));
	}

	@Test
	void overJmxThereIsNoExtensionForTheWeb() {
		this.runner
			.withPropertyValues("management.endpoints.jmx.exposure.include=dbpool,pools", "spring.jmx.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(DbPoolEndpoint.class)
				.hasSingleBean(PoolsEndpoint.class)
				.doesNotHaveBean(DbPoolPathMapper.class)
				.doesNotHaveBean(PoolsEndpointWebExtension.class));
	}

	@Test
	void switchedOffThereIsNothing() {
		this.exposed.withPropertyValues("pool.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(DbPoolEndpoint.class)
				.doesNotHaveBean(PoolsEndpoint.class));
	}

	@Test
	void withoutActuatorThereIsNothing() {
		new ApplicationContextRunner().withClassLoader(new FilteredClassLoader(Endpoint.class))
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=dbpool,pools")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PoolGovernor.class)
				.doesNotHaveBean("dbPoolEndpoint")
				.doesNotHaveBean("poolsEndpoint"));
	}

	@Test
	void endpointOfTheApplicationWins() {
		this.exposed.run((first) -> {
			DbPoolEndpoint own = new DbPoolEndpoint(first.getBean(PoolGovernor.class));
			this.exposed.withBean("own", DbPoolEndpoint.class, () -> own)
				.run((context) -> assertThat(context).getBean(DbPoolEndpoint.class).isSameAs(own));
		});
	}

}
