package io.poolwise.sample.order;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * An order without its lines, as a list shows it.
 *
 * @param id its number
 * @param customer who ordered
 * @param status how far it has come
 * @param total the sum over its lines
 * @param placedAt when it was stored, by the database's clock
 */
public record OrderSummary(long id, String customer, OrderStatus status, BigDecimal total, Instant placedAt) {
}
