package io.poolwise.sample.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * A stored order.
 *
 * @param id its number
 * @param customer who ordered
 * @param status how far it has come
 * @param total the sum over its lines
 * @param placedAt when it was stored, by the database's clock
 * @param lines its lines in the customer's order, never empty
 */
public record Order(long id, String customer, OrderStatus status, BigDecimal total, Instant placedAt,
		List<Line> lines) {

	public Order {
		lines = List.copyOf(lines);
	}

	/**
	 * One ordered product at the price of that moment.
	 *
	 * @param sku the product
	 * @param quantity pieces, at least 1
	 * @param unitPrice the price of one piece
	 */
	public record Line(String sku, int quantity, BigDecimal unitPrice) {

		BigDecimal price() {
			return this.unitPrice.multiply(BigDecimal.valueOf(this.quantity));
		}

	}

}
