package io.poolwise.sample.order;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;

import io.poolwise.sample.Shop;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.ActiveProfiles;

import static io.poolwise.sample.Shop.line;
import static io.poolwise.sample.Shop.order;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Orders over HTTP; what really happened is read from the database, past the application.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles({ "test", "jdbc" })
class OrderIT {

	private Shop shop;

	private JdbcClient sql;

	@BeforeEach
	void open(@LocalServerPort int port, @Autowired PostgresServer server) {
		this.shop = new Shop(port);
		this.sql = JdbcClient
			.create(new DriverManagerDataSource(server.jdbcUrl("orders"), server.username(), server.password()));
	}

	@Test
	void placedOrderIsFoundAndListed() throws Exception {
		int before = stock("cocoa");
		HttpResponse<String> placed = this.shop.post("/orders", order(line("cocoa", 2), line("honey", 1)));
		assertThat(placed.statusCode()).isEqualTo(201);
		JsonNode order = this.shop.json(placed);
		assertThat(order.path("total").decimalValue()).isEqualByComparingTo("18.60");
		String location = placed.headers().firstValue("Location").orElseThrow();
		assertThat(location).endsWith("/orders/" + order.path("id").asLong());
		JsonNode found = this.shop.json(this.shop.get(location.substring(location.indexOf("/orders"))));
		assertThat(found.path("lines").size()).isEqualTo(2);
		assertThat(found.path("lines").path(0).path("sku").asString()).isEqualTo("cocoa");
		assertThat(found.path("placed_at").asString()).endsWith("Z");
		JsonNode newest = this.shop.json(this.shop.get("/orders?limit=1"));
		assertThat(newest.size()).isEqualTo(1);
		assertThat(newest.path(0).path("id").asLong()).isEqualTo(order.path("id").asLong());
		assertThat(stock("cocoa")).isEqualTo(before - 2);
	}

	@Test
	void listGoesBackPageByPage() throws Exception {
		for (int i = 0; i < 3; i++) {
			this.shop.post("/orders", order(line("biscuit", 1)));
		}
		JsonNode first = this.shop.json(this.shop.get("/orders?limit=2"));
		long last = first.path(1).path("id").asLong();
		JsonNode second = this.shop.json(this.shop.get("/orders?limit=2&before=" + last));
		assertThat(second.path(0).path("id").asLong()).isLessThan(last);
	}

	@Test
	void stockIsNeverNegativeUnderConcurrentOrders() {
		this.sql
			.sql("UPDATE stock SET quantity = 13 WHERE product_id = (SELECT id FROM products WHERE sku = 'pot-iron')")
			.update();
		long sold = sold("pot-iron");
		List<Integer> answers = this.shop.postAll("/orders", 20, (i) -> order(line("pot-iron", 1)));
		assertThat(Collections.frequency(answers, 201)).isEqualTo(13);
		assertThat(Collections.frequency(answers, 409)).isEqualTo(7);
		assertThat(stock("pot-iron")).isZero();
		assertThat(sold("pot-iron") - sold).isEqualTo(13);
	}

	@Test
	void ordersOfTheSameProductsInAnyOrderDontDeadlock() {
		String oneWay = order(line("tea-green", 1), line("tea-black", 1), line("tea-oolong", 1));
		String otherWay = order(line("tea-oolong", 1), line("tea-black", 1), line("tea-green", 1));
		List<Integer> answers = this.shop.postAll("/orders", 60, (i) -> (i % 2 == 0) ? oneWay : otherWay);
		assertThat(answers).containsOnly(201);
	}

	@Test
	void nothingOfARefusedOrderIsKept() throws Exception {
		this.sql
			.sql("UPDATE stock SET quantity = 1 WHERE product_id = (SELECT id FROM products WHERE sku = 'pot-glass')")
			.update();
		int mugs = stock("mug-blue");
		long orders = count("SELECT count(*) FROM orders");
		HttpResponse<String> refused = this.shop.post("/orders", order(line("mug-blue", 1), line("pot-glass", 2)));
		assertThat(refused.statusCode()).isEqualTo(409);
		assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(this.shop.json(refused).path("sku").asString()).isEqualTo("pot-glass");
		assertThat(stock("mug-blue")).isEqualTo(mugs);
		assertThat(stock("pot-glass")).isEqualTo(1);
		assertThat(count("SELECT count(*) FROM orders")).isEqualTo(orders);
	}

	@Test
	void deliveryFillsTheStock() throws Exception {
		int before = stock("mug-white");
		assertThat(this.shop.post("/deliveries", line("mug-white", 7)).statusCode()).isEqualTo(204);
		assertThat(stock("mug-white")).isEqualTo(before + 7);
		assertThat(this.shop.post("/deliveries", line("unheard-of", 7)).statusCode()).isEqualTo(422);
	}

	@Test
	void mistakesAreProblems() throws Exception {
		assertProblem(this.shop.get("/orders/987654321"), 404, "there is no order 987654321");
		assertProblem(this.shop.post("/orders", order(line("unheard-of", 1))), 422, "unknown products: unheard-of");
		assertProblem(this.shop.post("/orders", order(line("cocoa", 0))), 400, "quantity must be 1 to 1000, not 0");
		assertProblem(this.shop.post("/orders", "nonsense"), 400, "Failed to read request");
	}

	private void assertProblem(HttpResponse<String> answer, int status, String detail) {
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(this.shop.json(answer).path("detail").asString()).isEqualTo(detail);
	}

	private int stock(String sku) {
		return (int) count("SELECT quantity FROM stock JOIN products ON id = product_id WHERE sku = '" + sku + "'");
	}

	private long sold(String sku) {
		return count("SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN products ON id = product_id WHERE sku = '"
				+ sku + "'");
	}

	private long count(String query) {
		return this.sql.sql(query).query(Long.class).single();
	}

}
