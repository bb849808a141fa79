package io.poolwise.sample.order;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Makes a stored order known: to the cache, then to the listeners. The order stays stored
 * when that fails; it is announced again later.
 */
@Component
public class Announcer {

	private static final Logger logger = LoggerFactory.getLogger(Announcer.class);

	private final OrderCache cache;

	private final OrderEvents events;

	Announcer(OrderCache cache, OrderEvents events) {
		this.cache = cache;
		this.events = events;
	}

	/**
	 * Announce an order. The cache comes first: the listener puts the confirmed order in
	 * its place.
	 * @param order the stored order
	 * @return whether everybody knows for certain
	 */
	public boolean announce(Order order) {
		try {
			this.cache.put(order);
			this.events.placed(order);
			return true;
		}
		catch (DataAccessException | EventNotPublishedException ex) {
			logger.debug("Order {} is stored but not announced", order.id(), ex);
			return false;
		}
	}

}
