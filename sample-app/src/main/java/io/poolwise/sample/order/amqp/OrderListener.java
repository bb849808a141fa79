package io.poolwise.sample.order.amqp;

import io.poolwise.sample.order.OrderCache;
import io.poolwise.sample.order.OrderService;

import org.springframework.amqp.rabbit.annotation.RabbitListener;

/**
 * Works off placed orders: writes them back as confirmed. An event may come more than
 * once.
 */
class OrderListener {

	private final OrderService orders;

	private final OrderCache cache;

	OrderListener(OrderService orders, OrderCache cache) {
		this.orders = orders;
		this.cache = cache;
	}

	@RabbitListener(queues = AmqpConfiguration.QUEUE)
	void placed(OrderPlaced event) {
		this.orders.confirm(event.id()).ifPresent(this.cache::put);
	}

}
