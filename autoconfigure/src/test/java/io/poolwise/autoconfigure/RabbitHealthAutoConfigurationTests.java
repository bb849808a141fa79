package io.poolwise.autoconfigure;

import java.util.List;

import io.poolwise.actuate.PoolHealthContributor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ThreadChannelConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.health.RabbitHealthContributorAutoConfiguration;
import org.springframework.boot.amqp.health.RabbitHealthIndicator;
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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RabbitHealthAutoConfiguration}, beside the one of Spring Boot that it
 * replaces, without a broker: nothing listens on port 1.
 */
class RabbitHealthAutoConfigurationTests {

	private static final String BEAN = "rabbitHealthContributor";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class,
				RabbitHealthAutoConfiguration.class, RabbitAutoConfiguration.class,
				RabbitHealthContributorAutoConfiguration.class))
		.withPropertyValues("spring.rabbitmq.host=127.0.0.1", "spring.rabbitmq.port=1", "pool.replicas=1");

	@Test
	void governedPoolAnswersForItself() {
		this.runner.run((context) -> {
			assertThat(context).getBeanNames(HealthContributor.class).containsExactly(BEAN);
			assertThat(parts(context)).containsExactly("rabbitConnectionFactory");
			Health health = part(context, "rabbitConnectionFactory").health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsKeys("size", "max_size", "server");
		});
	}

	@Test
	void everyFactoryHasAPartAndTemplatesOfOthersKeepTheStockOne() {
		this.runner.withUserConfiguration(Several.class).run((context) -> {
			assertThat(parts(context)).containsExactlyInAnyOrder("orders", "invoices", "ownTemplate");
			assertThat(part(context, "ownTemplate")).isInstanceOf(RabbitHealthIndicator.class);
			assertThat(part(context, "invoices")).isNotInstanceOf(RabbitHealthIndicator.class);
		});
	}

	@Test
	void switchedOffThereIsNoHealthOfRabbit() {
		this.runner.withPropertyValues("management.health.rabbit.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ConnectionFactory.class)
				.doesNotHaveBean(BEAN));
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.enabled=false", "pool.rabbit.enabled=false", "pool.dry-run=true" })
	void withPoolsLeftAloneTheStockIndicatorIsThere(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).getBean(BEAN).isInstanceOf(RabbitHealthIndicator.class));
	}

	@Test
	void withoutATemplateThereIsNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class,
					RabbitHealthAutoConfiguration.class, RabbitHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
	}

	@Test
	void withoutBootsHealthThereIsNothing() {
		new ApplicationContextRunner()
			.withClassLoader(
					new FilteredClassLoader(ConditionalOnEnabledHealthIndicator.class, HealthContributor.class))
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class,
					RabbitHealthAutoConfiguration.class, RabbitAutoConfiguration.class))
			.withPropertyValues("spring.rabbitmq.host=127.0.0.1", "spring.rabbitmq.port=1", "pool.replicas=1")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ConnectionFactory.class)
				.doesNotHaveBean(BEAN));
	}

	@Test
	void withoutSpringAmqpThereIsNothing() {
		new ApplicationContextRunner()
			.withClassLoader(new FilteredClassLoader("org.springframework.amqp", "org.springframework.boot.amqp",
					"com.rabbitmq.client"))
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class,
					RabbitHealthAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RabbitPoolAutoConfiguration.class)
				.doesNotHaveBean(BEAN));
	}

	@Test
	void healthOfTheApplicationWins() {
		HealthIndicator own = () -> Health.up().build();
		for (String name : new String[] { "rabbitHealthIndicator", BEAN }) {
			this.runner.withBean(name, HealthContributor.class, () -> own)
				.run((context) -> assertThat(context).getBean(HealthContributor.class).isSameAs(own));
		}
	}

	private static List<String> parts(AssertableApplicationContext context) {
		return context.getBean(BEAN, PoolHealthContributor.class).stream().map(HealthContributors.Entry::name).toList();
	}

	private static HealthIndicator part(AssertableApplicationContext context, String name) {
		return (HealthIndicator) context.getBean(BEAN, PoolHealthContributor.class).getContributor(name);
	}

	@Configuration(proxyBeanMethods = false)
	static class Several {

		@Bean
		@Primary
		CachingConnectionFactory orders() {
			return new CachingConnectionFactory("127.0.0.1", 1);
		}

		@Bean
		CachingConnectionFactory invoices() {
			return new CachingConnectionFactory("127.0.0.1", 1);
		}

		@Bean
		ThreadChannelConnectionFactory own() {
			return new ThreadChannelConnectionFactory(new com.rabbitmq.client.ConnectionFactory());
		}

		@Bean
		RabbitTemplate ordersTemplate(CachingConnectionFactory orders) {
			return new RabbitTemplate(orders);
		}

		@Bean
		RabbitTemplate ownTemplate(ThreadChannelConnectionFactory own) {
			return new RabbitTemplate(own);
		}

	}

}
