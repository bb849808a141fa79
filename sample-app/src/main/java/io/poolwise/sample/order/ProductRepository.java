package io.poolwise.sample.order;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Products and their stock, in SQL.
 */
@Repository
class ProductRepository {

	private static final String SELECT = """
			SELECT p.id, p.sku, p.name, p.price, s.quantity AS stock
			FROM products p JOIN stock s ON s.product_id = p.id
			""";

	private final JdbcClient jdbc;

	ProductRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<Product> findAll() {
		return this.jdbc.sql(SELECT + "ORDER BY p.sku").query(Product.class).list();
	}

	Map<String, Product> findBySku(Collection<String> skus) {
		return this.jdbc.sql(SELECT + "WHERE p.sku IN (:skus)")
			.param("skus", skus)
			.query(Product.class)
			.stream()
			.collect(Collectors.toMap(Product::sku, Function.identity()));
	}

	/**
	 * Take pieces off the stock, if there are enough. The row stays locked until the
	 * transaction ends: callers take several products in one fixed order.
	 * @param productId the product
	 * @param quantity pieces, at least 1
	 * @return whether there were enough
	 */
	boolean take(long productId, int quantity) {
		return this.jdbc
			.sql("UPDATE stock SET quantity = quantity - :quantity WHERE product_id = :id AND quantity >= :quantity")
			.param("id", productId)
			.param("quantity", quantity)
			.update() == 1;
	}

	/**
	 * Add delivered pieces to the stock.
	 * @param sku the product
	 * @param quantity pieces, at least 1
	 * @return whether there is such a product
	 */
	boolean deliver(String sku, int quantity) {
		return this.jdbc.sql("""
				UPDATE stock SET quantity = quantity + :quantity
				WHERE product_id = (SELECT id FROM products WHERE sku = :sku)
				""").param("sku", sku).param("quantity", quantity).update() == 1;
	}

}
