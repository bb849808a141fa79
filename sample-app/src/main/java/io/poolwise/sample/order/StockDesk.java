package io.poolwise.sample.order;

import java.util.Collection;
import java.util.List;

/**
 * Hands out stock before the database is asked, so that orders for what is sold out never
 * reach it. Its numbers are a copy: the database decides.
 */
public interface StockDesk {

	/**
	 * Reserve the pieces of all lines, or of none.
	 * @param lines the wanted products
	 * @throws OutOfStockException if fewer pieces are left than a line wants
	 * @throws UnknownProductException if a line names a product that isn't sold
	 */
	void reserve(List<NewOrder.Line> lines);

	/**
	 * Ask the database again for these products, because the copy is off.
	 * @param skus the products
	 */
	void forget(Collection<String> skus);

	/**
	 * A desk that lets everybody through to the database.
	 * @return the desk
	 */
	static StockDesk open() {
		return new StockDesk() {

			@Override
			public void reserve(List<NewOrder.Line> lines) {
			}

			@Override
			public void forget(Collection<String> skus) {
			}

		};
	}

}
