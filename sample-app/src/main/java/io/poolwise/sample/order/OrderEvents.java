package io.poolwise.sample.order;

/**
 * Tells the rest of the world what happens to orders.
 */
public interface OrderEvents {

	/**
	 * Tell that an order is stored.
	 * @param order the order
	 * @throws EventNotPublishedException if nobody may have heard it
	 */
	void placed(Order order);

	/**
	 * Events that nobody listens to.
	 * @return the events
	 */
	static OrderEvents none() {
		return (order) -> {
		};
	}

}
