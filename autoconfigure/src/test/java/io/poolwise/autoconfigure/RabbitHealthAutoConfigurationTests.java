package io.poolwise.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ThreadChannelConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.health.RabbitHealthContributorAutoConfiguration;
import org.springframework.boot.amqp.health.RabbitHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RabbitHealthAutoConfiguration}.
 */
class RabbitHealthAutoConfigurationTests extends AbstractPoolHealthAutoConfigurationTests {

	RabbitHealthAutoConfigurationTests() {
		super("rabbit", "rabbitConnectionFactory", ConnectionFactory.class, RabbitHealthIndicator.class);
	}

	@Override
	Class<?>[] ours() {
		return new Class<?>[] { RabbitPoolAutoConfiguration.class, RabbitHealthAutoConfiguration.class };
	}

	@Override
	Class<?>[] bootsFactory() {
		return new Class<?>[] { RabbitAutoConfiguration.class };
	}

	@Override
	Class<?>[] bootsHealth() {
		return new Class<?>[] { RabbitHealthContributorAutoConfiguration.class };
	}

	@Override
	String[] nowhere() {
		return new String[] { "spring.rabbitmq.host=127.0.0.1", "spring.rabbitmq.port=1" };
	}

	@Override
	String[] library() {
		return new String[] { "org.springframework.amqp", "org.springframework.boot.amqp", "com.rabbitmq.client" };
	}

	@Test
	void everyFactoryHasAPartAndTemplatesOfOthersKeepTheStockOne() {
		runner().withUserConfiguration(Several.class).run((context) -> {
			assertThat(parts(context)).containsExactlyInAnyOrder("orders", "invoices", "ownTemplate");
			assertThat(part(context, "ownTemplate")).isInstanceOf(RabbitHealthIndicator.class);
			assertThat(part(context, "invoices")).isNotInstanceOf(RabbitHealthIndicator.class);
		});
	}

	@Test
	void withoutATemplateThereIsNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class,
					RabbitHealthAutoConfiguration.class, RabbitHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(bean()));
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
