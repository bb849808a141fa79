package io.poolwise.sample.report;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * What sold best in the last minutes.
 *
 * @param period how far the report looks back
 * @param products the products that sold, best revenue first, may be empty
 */
public record SalesReport(Duration period, List<Sales> products) {

	public SalesReport {
		products = List.copyOf(products);
	}

	/**
	 * The sales of one product.
	 *
	 * @param sku the product
	 * @param name its name for people
	 * @param orders how many orders named it
	 * @param pieces how many pieces were sold
	 * @param revenue their price
	 */
	public record Sales(String sku, String name, long orders, long pieces, BigDecimal revenue) {
	}

}
