package io.poolwise.sample.order.amqp;

import java.time.Duration;
import java.util.List;

import io.poolwise.sample.order.Announcer;
import io.poolwise.sample.order.Order;
import io.poolwise.sample.order.OrderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;

/**
 * Announces orders again that are still unconfirmed after a while: the broker was away,
 * or this or another instance died between storing and publishing.
 */
class LateAnnouncements {

	private static final Logger logger = LoggerFactory.getLogger(LateAnnouncements.class);

	private static final Duration AGE = Duration.ofSeconds(10);

	private static final int BATCH = 100;

	private final OrderService orders;

	private final Announcer announcer;

	LateAnnouncements(OrderService orders, Announcer announcer) {
		this.orders = orders;
		this.announcer = announcer;
	}

	@Scheduled(initialDelayString = "5s", fixedDelayString = "5s")
	void announce() {
		List<Order> waiting = this.orders.waiting(AGE, BATCH);
		long announced = waiting.stream().takeWhile(this.announcer::announce).count();
		if (announced > 0) {
			logger.info("Announced {} late orders", announced);
		}
	}

}
