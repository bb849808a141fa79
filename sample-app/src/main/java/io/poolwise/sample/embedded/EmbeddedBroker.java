package io.poolwise.sample.embedded;

import java.util.List;
import java.util.Map;

import io.poolwise.testservers.AmqpBroker;

import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;

/**
 * An AMQP broker inside this instance, unless {@code spring.rabbitmq.*} names one.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!jdbc")
@Conditional(EmbeddedBroker.NoAddress.class)
class EmbeddedBroker {

	@Bean
	AmqpBroker amqpBroker(EmbeddedProperties properties) {
		EmbeddedProperties.Broker settings = properties.broker();
		return AmqpBroker.builder().port(settings.port()).channelMax(settings.channelMax()).start();
	}

	@Bean
	RabbitConnectionDetails embeddedBrokerDetails(AmqpBroker broker) {
		return new Details(broker.host(), broker.port(), broker.username(), broker.password());
	}

	@Bean
	@Order(3)
	EmbeddedServer embeddedBrokerServer(AmqpBroker broker) {
		return new EmbeddedServer("AMQP broker",
				Map.of("SPRING_RABBITMQ_ADDRESSES", broker.host() + ":" + broker.port()));
	}

	private record Details(String host, int port, String user, String secret) implements RabbitConnectionDetails {

		@Override
		public List<Address> getAddresses() {
			return List.of(new Address(this.host, this.port));
		}

		@Override
		public String getUsername() {
			return this.user;
		}

		@Override
		public String getPassword() {
			return this.secret;
		}

	}

	static class NoAddress extends NoneNestedConditions {

		NoAddress() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnProperty("spring.rabbitmq.addresses")
		static class Addresses {

		}

		@ConditionalOnProperty("spring.rabbitmq.host")
		static class Host {

		}

	}

}
