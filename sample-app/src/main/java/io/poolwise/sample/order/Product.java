package io.poolwise.sample.order;

import java.math.BigDecimal;

/**
 * A product and what is left of it.
 *
 * @param id its key
 * @param sku its name in orders
 * @param name its name for people
 * @param price the price of one piece
 * @param stock pieces left, never negative
 */
public record Product(long id, String sku, String name, BigDecimal price, int stock) {
}
