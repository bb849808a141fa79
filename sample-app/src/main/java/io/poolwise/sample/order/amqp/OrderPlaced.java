package io.poolwise.sample.order.amqp;

/**
 * The event that an order is stored.
 *
 * @param id the order's number
 */
record OrderPlaced(long id) {
}
