package io.poolwise.sample.order;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Orders and their lines, in SQL.
 */
@Repository
class OrderRepository {

	private final JdbcClient jdbc;

	private final JdbcTemplate template;

	OrderRepository(JdbcClient jdbc, JdbcTemplate template) {
		this.jdbc = jdbc;
		this.template = template;
	}

	OrderSummary insert(String customer, BigDecimal total) {
		return this.jdbc.sql("""
				INSERT INTO orders (customer, status, total) VALUES (:customer, :status, :total)
				RETURNING id, customer, status, total, placed_at
				""")
			.param("customer", customer)
			.param("status", OrderStatus.PLACED.name())
			.param("total", total)
			.query(OrderRepository::summary)
			.single();
	}

	void insertLines(long orderId, List<Order.Line> lines) {
		List<Object[]> rows = new ArrayList<>(lines.size());
		for (Order.Line line : lines) {
			rows.add(new Object[] { orderId, rows.size() + 1, line.quantity(), line.unitPrice(), line.sku() });
		}
		this.template.batchUpdate("""
				INSERT INTO order_lines (order_id, line, product_id, quantity, unit_price)
				SELECT ?, ?, id, ?, ? FROM products WHERE sku = ?
				""", rows);
	}

	Optional<Order> findById(long id) {
		return this.jdbc.sql("SELECT id, customer, status, total, placed_at FROM orders WHERE id = :id")
			.param("id", id)
			.query(OrderRepository::summary)
			.optional()
			.map((order) -> new Order(order.id(), order.customer(), order.status(), order.total(), order.placedAt(),
					lines(id)));
	}

	/**
	 * A page of orders, newest first.
	 * @param before only orders with a smaller number
	 * @param limit at most so many
	 * @return the orders, may be empty
	 */
	List<OrderSummary> findBefore(long before, int limit) {
		return this.jdbc.sql("""
				SELECT id, customer, status, total, placed_at FROM orders
				WHERE id < :before ORDER BY id DESC LIMIT :limit
				""").param("before", before).param("limit", limit).query(OrderRepository::summary).list();
	}

	void confirm(long id) {
		this.jdbc.sql("UPDATE orders SET status = 'CONFIRMED' WHERE id = :id AND status = 'PLACED'")
			.param("id", id)
			.update();
	}

	List<Long> findWaiting(Duration age, int limit) {
		return this.jdbc.sql("""
				SELECT id FROM orders
				WHERE status = 'PLACED' AND placed_at < now() - make_interval(secs => :age)
				ORDER BY placed_at LIMIT :limit
				""").param("age", (double) age.toSeconds()).param("limit", limit).query(Long.class).list();
	}

	private List<Order.Line> lines(long orderId) {
		return this.jdbc.sql("""
				SELECT p.sku, l.quantity, l.unit_price
				FROM order_lines l JOIN products p ON p.id = l.product_id
				WHERE l.order_id = :id ORDER BY l.line
				""").param("id", orderId).query(Order.Line.class).list();
	}

	private static OrderSummary summary(ResultSet row, int number) throws SQLException {
		Instant placedAt = row.getObject("placed_at", OffsetDateTime.class).toInstant();
		return new OrderSummary(row.getLong("id"), row.getString("customer"),
				OrderStatus.valueOf(row.getString("status")), row.getBigDecimal("total"), placedAt);
	}

}
