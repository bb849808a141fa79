package io.poolwise.sample.order;

import java.util.List;

import org.springframework.stereotype.Service;

/**
 * The way of an order through all that takes part: the desk reserves its stock, the
 * database stores it, the announcer makes it known. Outside any transaction, so that
 * nobody holds a database connection while waiting for somebody else.
 */
@Service
public class Checkout {

	private final OrderService orders;

	private final StockDesk desk;

	private final OrderCache cache;

	private final Announcer announcer;

	Checkout(OrderService orders, StockDesk desk, OrderCache cache, Announcer announcer) {
		this.orders = orders;
		this.desk = desk;
		this.cache = cache;
		this.announcer = announcer;
	}

	/**
	 * Place an order.
	 * @param wanted what the customer asks for
	 * @return the stored order, and whether it is announced
	 * @throws UnknownProductException if a line names a product that isn't sold
	 * @throws OutOfStockException if fewer pieces are left than a line wants
	 */
	public Receipt place(NewOrder wanted) {
		this.desk.reserve(wanted.lines());
		Order order = store(wanted);
		return new Receipt(order, this.announcer.announce(order));
	}

	/**
	 * Find an order with its lines.
	 * @param id its number
	 * @return the order
	 * @throws OrderNotFoundException if there is none
	 */
	public Order get(long id) {
		return this.cache.find(id).orElseGet(() -> this.orders.get(id));
	}

	/**
	 * Add delivered pieces to the stock.
	 * @param delivery the product and its pieces
	 * @throws UnknownProductException if there is no such product
	 */
	public void deliver(NewOrder.Line delivery) {
		this.orders.deliver(delivery);
		this.desk.forget(List.of(delivery.sku()));
	}

	private Order store(NewOrder wanted) {
		boolean stored = false;
		try {
			Order order = this.orders.place(wanted);
			stored = true;
			return order;
		}
		finally {
			if (!stored) {
				this.desk.forget(wanted.skus());
			}
		}
	}

}
