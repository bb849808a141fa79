package io.poolwise.sample.order.amqp;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.poolwise.sample.order.EventNotPublishedException;
import io.poolwise.sample.order.Order;
import io.poolwise.sample.order.OrderEvents;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/**
 * Publishes events and waits until the broker has confirmed them.
 */
final class AmqpOrderEvents implements OrderEvents {

	private static final Duration CONFIRM_PATIENCE = Duration.ofSeconds(5);

	private final RabbitTemplate template;

	AmqpOrderEvents(RabbitTemplate template) {
		this.template = template;
	}

	@Override
	public void placed(Order order) {
		CorrelationData confirm = new CorrelationData();
		try {
			this.template.convertAndSend(AmqpConfiguration.EXCHANGE, AmqpConfiguration.PLACED,
					new OrderPlaced(order.id()), confirm);
			await(confirm);
		}
		catch (AmqpException | ExecutionException | TimeoutException ex) {
			throw new EventNotPublishedException("the broker didn't confirm the event", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new EventNotPublishedException("interrupted while waiting for the broker", ex);
		}
	}

	private static void await(CorrelationData confirm)
			throws InterruptedException, ExecutionException, TimeoutException {
		CorrelationData.Confirm answer = confirm.getFuture().get(CONFIRM_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		// RabbitMQ confirms what it returns as unroutable, too: nobody has heard that.
		if (!answer.ack() || confirm.getReturned() != null) {
			throw new EventNotPublishedException("the broker refused the event", null);
		}
	}

}
