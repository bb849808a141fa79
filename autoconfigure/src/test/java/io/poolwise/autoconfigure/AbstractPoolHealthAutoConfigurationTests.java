package io.poolwise.autoconfigure;

import java.util.List;

import io.poolwise.actuate.PoolHealthContributor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the health of a kind of pool keeps to, beside the one of Spring Boot that it
 * replaces, without a server: nothing listens on the port.
 */
abstract class AbstractPoolHealthAutoConfigurationTests {

	private final String kind;

	private final String pool;

	private final Class<?> factory;

	private final Class<?> stockIndicator;

	/**
	 * Tests of one kind.
	 * @param kind as in the keys
	 * @param pool the name of the pool of Spring Boot's own factory
	 * @param factory the type of the connection factory
	 * @param stockIndicator Spring Boot's own indicator
	 */
	AbstractPoolHealthAutoConfigurationTests(String kind, String pool, Class<?> factory, Class<?> stockIndicator) {
		this.kind = kind;
		this.pool = pool;
		this.factory = factory;
		this.stockIndicator = stockIndicator;
	}

	/**
	 * Poolwise's auto-configurations of the kind.
	 */
	abstract Class<?>[] ours();

	/**
	 * Spring Boot's auto-configurations of the connection factory.
	 */
	abstract Class<?>[] bootsFactory();

	/**
	 * Spring Boot's auto-configurations of the health.
	 */
	abstract Class<?>[] bootsHealth();

	/**
	 * An address where nobody listens.
	 */
	abstract String[] nowhere();

	/**
	 * The packages of the library.
	 */
	abstract String[] library();

	final ApplicationContextRunner runner() {
		return unhealthy().withConfiguration(AutoConfigurations.of(bootsHealth()));
	}

	/**
	 * Without Spring Boot's own health, which a class loader would have to know.
	 */
	private ApplicationContextRunner unhealthy() {
		return bare().withConfiguration(AutoConfigurations.of(bootsFactory()))
			.withPropertyValues(nowhere())
			.withPropertyValues("pool.replicas=1");
	}

	private ApplicationContextRunner bare() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class))
			.withConfiguration(AutoConfigurations.of(ours()));
	}

	final String bean() {
		return this.kind + "HealthContributor";
	}

	@Test
	void governedPoolAnswersForItself() {
		runner().run((context) -> {
			assertThat(context).getBeanNames(HealthContributor.class).containsExactly(bean());
			assertThat(parts(context)).containsExactly(this.pool);
			Health health = part(context, this.pool).health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsKeys("size", "max_size", "server");
		});
	}

	@Test
	void switchedOffThereIsNoHealth() {
		runner().withPropertyValues("management.health." + this.kind + ".enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(this.factory).doesNotHaveBean(bean()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.enabled=false", "pool.%s.enabled=false", "pool.dry-run=true" })
	void withPoolsLeftAloneTheStockIndicatorIsThere(String property) {
		runner().withPropertyValues(property.formatted(this.kind))
			.run((context) -> assertThat(context).getBean(bean()).isInstanceOf(this.stockIndicator));
	}

	@Test
	void withoutBootsHealthThereIsNothing() {
		unhealthy()
			.withClassLoader(
					new FilteredClassLoader(ConditionalOnEnabledHealthIndicator.class, HealthContributor.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(this.factory).doesNotHaveBean(bean()));
	}

	@Test
	void withoutTheLibraryThereIsNothing() {
		bare().withClassLoader(new FilteredClassLoader(library()))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ours()[0]).doesNotHaveBean(bean()));
	}

	@Test
	void healthOfTheApplicationWins() {
		HealthIndicator own = () -> Health.up().build();
		for (String name : new String[] { this.kind + "HealthIndicator", bean() }) {
			runner().withBean(name, HealthContributor.class, () -> own)
				.run((context) -> assertThat(context).getBean(HealthContributor.class).isSameAs(own));
		}
	}

	final List<String> parts(AssertableApplicationContext context) {
		return context.getBean(bean(), PoolHealthContributor.class)
			.stream()
			.map(HealthContributors.Entry::name)
			.toList();
	}

	final HealthIndicator part(AssertableApplicationContext context, String name) {
		return (HealthIndicator) context.getBean(bean(), PoolHealthContributor.class).getContributor(name);
	}

}
