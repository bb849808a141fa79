package io.poolwise.sample.order;

/**
 * What came of a wanted order.
 *
 * @param order the stored order
 * @param announced whether it is known to everybody yet; if not, it will be
 */
public record Receipt(Order order, boolean announced) {
}
