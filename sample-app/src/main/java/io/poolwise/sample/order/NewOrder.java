package io.poolwise.sample.order;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a customer asks for.
 *
 * @param customer who orders, 1 to 80 characters
 * @param lines the wanted products, 1 to 20
 */
public record NewOrder(String customer, List<Line> lines) {

	private static final int MAX_CUSTOMER_LENGTH = 80;

	private static final int MAX_LINES = 20;

	private static final int MAX_QUANTITY = 1000;

	public NewOrder {
		if (customer == null || customer.isBlank() || customer.length() > MAX_CUSTOMER_LENGTH) {
			throw new InvalidOrderException("customer must have 1 to " + MAX_CUSTOMER_LENGTH + " characters");
		}
		if (lines == null || lines.isEmpty() || lines.size() > MAX_LINES) {
			throw new InvalidOrderException("an order has 1 to " + MAX_LINES + " lines");
		}
		if (lines.stream().anyMatch(Objects::isNull)) {
			throw new InvalidOrderException("a line must not be null");
		}
		lines = List.copyOf(lines);
	}

	Set<String> skus() {
		return this.lines.stream().map(Line::sku).collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * One wanted product.
	 *
	 * @param sku the product
	 * @param quantity pieces, 1 to 1000
	 */
	public record Line(String sku, int quantity) {

		public Line {
			if (sku == null || sku.isBlank()) {
				throw new InvalidOrderException("a line names its sku");
			}
			if (quantity < 1 || quantity > MAX_QUANTITY) {
				throw new InvalidOrderException("quantity must be 1 to " + MAX_QUANTITY + ", not " + quantity);
			}
		}

	}

}
