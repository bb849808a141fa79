package io.poolwise.sample.order.amqp;

import io.poolwise.sample.order.Announcer;
import io.poolwise.sample.order.OrderCache;
import io.poolwise.sample.order.OrderEvents;
import io.poolwise.sample.order.OrderService;

import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Orders with a broker.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@Profile("!jdbc")
class AmqpConfiguration {

	static final String EXCHANGE = "orders";

	static final String QUEUE = "orders.placed";

	static final String PLACED = "placed";

	@Bean
	TopicExchange orderExchange() {
		return new TopicExchange(EXCHANGE);
	}

	@Bean
	Queue placedOrders() {
		return new Queue(QUEUE);
	}

	@Bean
	Binding placedOrdersBinding(Queue placedOrders, TopicExchange orderExchange) {
		return BindingBuilder.bind(placedOrders).to(orderExchange).with(PLACED);
	}

	@Bean
	MessageConverter jsonMessages() {
		return new JacksonJsonMessageConverter();
	}

	@Bean
	OrderEvents orderEvents(RabbitTemplate template) {
		return new AmqpOrderEvents(template);
	}

	@Bean
	OrderListener orderListener(OrderService orders, OrderCache cache) {
		return new OrderListener(orders, cache);
	}

	@Bean
	LateAnnouncements lateAnnouncements(OrderService orders, Announcer announcer) {
		return new LateAnnouncements(orders, announcer);
	}

}
