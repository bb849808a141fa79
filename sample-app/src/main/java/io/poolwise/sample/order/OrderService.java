package io.poolwise.sample.order;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Places orders and finds them again. Each method is one transaction and holds one
 * database connection for exactly that long.
 */
@Service
public class OrderService {

	private final ProductRepository products;

	private final OrderRepository orders;

	OrderService(ProductRepository products, OrderRepository orders) {
		this.products = products;
		this.orders = orders;
	}

	/**
	 * Reserve the stock and store the order, both or neither.
	 * @param wanted what the customer asks for
	 * @return the stored order
	 * @throws UnknownProductException if a line names a product that isn't sold
	 * @throws OutOfStockException if fewer pieces are left than a line wants
	 */
	@Transactional
	public Order place(NewOrder wanted) {
		Map<String, Product> bySku = sold(wanted.skus());
		reserve(wanted, bySku);
		List<Order.Line> lines = wanted.lines().stream().map((line) -> priced(line, bySku)).toList();
		BigDecimal total = lines.stream().map(Order.Line::price).reduce(BigDecimal.ZERO, BigDecimal::add);
		OrderSummary stored = this.orders.insert(wanted.customer(), total);
		this.orders.insertLines(stored.id(), lines);
		return new Order(stored.id(), stored.customer(), stored.status(), stored.total(), stored.placedAt(), lines);
	}

	/**
	 * Find an order with its lines.
	 * @param id its number
	 * @return the order
	 * @throws OrderNotFoundException if there is none
	 */
	@Transactional(readOnly = true)
	public Order get(long id) {
		return this.orders.findById(id).orElseThrow(() -> new OrderNotFoundException(id));
	}

	/**
	 * Write down that an order has been worked off; more than once is no harm.
	 * @param id its number
	 * @return the confirmed order, or nothing if there is none with this number
	 */
	@Transactional
	public Optional<Order> confirm(long id) {
		this.orders.confirm(id);
		return this.orders.findById(id);
	}

	/**
	 * List orders that wait for their confirmation, oldest first.
	 * @param age how long they have waited at least
	 * @param limit at most so many
	 * @return the orders, may be empty
	 */
	@Transactional(readOnly = true)
	public List<Order> waiting(Duration age, int limit) {
		return this.orders.findWaiting(age, limit).stream().flatMap((id) -> this.orders.findById(id).stream()).toList();
	}

	/**
	 * List orders, newest first.
	 * @param before only orders with a smaller number
	 * @param limit at most so many, 1 to 100
	 * @return the orders, may be empty
	 */
	@Transactional(readOnly = true)
	public List<OrderSummary> list(long before, int limit) {
		return this.orders.findBefore(before, Math.max(1, Math.min(limit, 100)));
	}

	/**
	 * List all products with their stock.
	 * @return the products, sorted by sku
	 */
	@Transactional(readOnly = true)
	public List<Product> products() {
		return this.products.findAll();
	}

	/**
	 * Look up how many pieces are left.
	 * @param skus the products
	 * @return pieces by product
	 * @throws UnknownProductException if one of them isn't sold
	 */
	@Transactional(readOnly = true)
	public Map<String, Integer> stock(Collection<String> skus) {
		return sold(skus).values().stream().collect(Collectors.toMap(Product::sku, Product::stock));
	}

	/**
	 * Add delivered pieces to the stock.
	 * @param delivery the product and its pieces
	 * @throws UnknownProductException if there is no such product
	 */
	@Transactional
	public void deliver(NewOrder.Line delivery) {
		if (!this.products.deliver(delivery.sku(), delivery.quantity())) {
			throw new UnknownProductException(List.of(delivery.sku()));
		}
	}

	private Map<String, Product> sold(Collection<String> skus) {
		Map<String, Product> bySku = this.products.findBySku(skus);
		List<String> unknown = skus.stream().filter((sku) -> !bySku.containsKey(sku)).toList();
		if (!unknown.isEmpty()) {
			throw new UnknownProductException(unknown);
		}
		return bySku;
	}

	private void reserve(NewOrder wanted, Map<String, Product> bySku) {
		// Sorted, so that two orders of the same products can't deadlock.
		wanted.lines().stream().sorted(Comparator.comparing(NewOrder.Line::sku)).forEach((line) -> {
			if (!this.products.take(product(bySku, line).id(), line.quantity())) {
				throw new OutOfStockException(line.sku(), line.quantity());
			}
		});
	}

	private static Order.Line priced(NewOrder.Line line, Map<String, Product> bySku) {
		return new Order.Line(line.sku(), line.quantity(), product(bySku, line).price());
	}

	private static Product product(Map<String, Product> bySku, NewOrder.Line line) {
		Product product = bySku.get(line.sku());
		if (product == null) {
			throw new UnknownProductException(List.of(line.sku()));
		}
		return product;
	}

}
