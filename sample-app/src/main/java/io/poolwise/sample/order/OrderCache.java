package io.poolwise.sample.order;

import java.util.Optional;

/**
 * Keeps recent orders at hand.
 */
public interface OrderCache {

	/**
	 * Find an order.
	 * @param id its number
	 * @return the order, or nothing when it isn't at hand
	 */
	Optional<Order> find(long id);

	/**
	 * Keep an order for a while, in place of an older state of it.
	 * @param order the order
	 */
	void put(Order order);

	/**
	 * A cache that keeps nothing.
	 * @return the cache
	 */
	static OrderCache none() {
		return new OrderCache() {

			@Override
			public Optional<Order> find(long id) {
				return Optional.empty();
			}

			@Override
			public void put(Order order) {
			}

		};
	}

}
