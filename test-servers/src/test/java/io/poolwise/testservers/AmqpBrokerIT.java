package io.poolwise.testservers;

import java.net.ConnectException;
import java.nio.charset.StandardCharsets;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Integration tests for {@link AmqpBroker}.
 */
class AmqpBrokerIT {

	@Test
	void grantsExactlyChannelMax() throws Exception {
		try (AmqpBroker broker = AmqpBroker.builder().channelMax(7).start(); Connection connection = connect(broker)) {
			assertThat(connection.getChannelMax()).isEqualTo(7);
			for (int i = 0; i < 7; i++) {
				assertThat(connection.createChannel()).isNotNull();
			}
			assertThat(connection.createChannel()).isNull();
		}
	}

	@Test
	void confirmsAndDeliversOnTheDefaultVirtualHost() throws Exception {
		try (AmqpBroker broker = AmqpBroker.builder().start();
				Connection connection = connect(broker);
				Channel channel = connection.createChannel()) {
			String queue = channel.queueDeclare().getQueue();
			channel.confirmSelect();
			channel.basicPublish("", queue, null, "hello".getBytes(StandardCharsets.UTF_8));
			channel.waitForConfirmsOrDie(5000);
			GetResponse response = channel.basicGet(queue, true);
			assertThat(response.getBody()).asString().isEqualTo("hello");
		}
	}

	@Test
	void comesBackOnTheSamePort() throws Exception {
		try (AmqpBroker broker = AmqpBroker.builder().start()) {
			broker.stop();
			assertThat(broker.isRunning()).isFalse();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(broker));
			broker.restart();
			connect(broker).close();
		}
	}

	@Test
	void tellsThatItsPortIsTaken() {
		try (AmqpBroker broker = AmqpBroker.builder().start()) {
			assertThatExceptionOfType(ServerStartException.class)
				.isThrownBy(() -> AmqpBroker.builder().port(broker.port()).start())
				.withMessageContaining(Integer.toString(broker.port()));
		}
	}

	private static Connection connect(AmqpBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(broker.host());
		factory.setPort(broker.port());
		factory.setUsername(broker.username());
		factory.setPassword(broker.password());
		factory.setAutomaticRecoveryEnabled(false);
		return factory.newConnection();
	}

}
