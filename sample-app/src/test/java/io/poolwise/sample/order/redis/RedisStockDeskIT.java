package io.poolwise.sample.order.redis;

import java.util.Collections;
import java.util.List;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.poolwise.sample.Shop;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
 * The stock desk under real orders; its numbers are read from Redis, past the
 * application.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("test")
class RedisStockDeskIT {

	private Shop shop;

	private JdbcClient sql;

	private RedisClient client;

	private RedisCommands<String, String> redis;

	@BeforeEach
	void open(@LocalServerPort int port, @Autowired PostgresServer postgres, @Autowired RedisServer server) {
		this.shop = new Shop(port);
		this.sql = JdbcClient
			.create(new DriverManagerDataSource(postgres.jdbcUrl("orders"), postgres.username(), postgres.password()));
		this.client = RedisClient.create("redis://" + server.host() + ":" + server.port());
		StatefulRedisConnection<String, String> connection = this.client.connect();
		this.redis = connection.sync();
	}

	@AfterEach
	void close() {
		this.client.shutdown();
	}

	@Test
	void deskAndDatabaseAgreeAfterConcurrentOrders() {
		stock("mug-white", 17);
		List<Integer> answers = this.shop.postAll("/orders", 30, (i) -> order(line("mug-white", 1)));
		assertThat(Collections.frequency(answers, 201)).isEqualTo(17);
		assertThat(Collections.frequency(answers, 409)).isEqualTo(13);
		assertThat(this.redis.get("{stock}:mug-white")).isEqualTo("0");
		assertThat(stock("mug-white")).isZero();
		assertThat(this.redis.ttl("{stock}:mug-white")).isPositive();
	}

	@Test
	void whatIsSoldOutNeverReachesTheDatabase() throws Exception {
		stock("pot-iron", 5);
		this.redis.set("{stock}:pot-iron", "1");
		assertThat(this.shop.post("/orders", order(line("pot-iron", 2))).statusCode()).isEqualTo(409);
		assertThat(stock("pot-iron")).isEqualTo(5);
		assertThat(this.redis.get("{stock}:pot-iron")).isEqualTo("1");
	}

	@Test
	void allLinesAreReservedOrNone() throws Exception {
		stock("tea-green", 10);
		stock("tea-black", 1);
		assertThat(this.shop.post("/orders", order(line("tea-green", 3), line("tea-black", 2))).statusCode())
			.isEqualTo(409);
		assertThat(this.redis.get("{stock}:tea-green")).isEqualTo("10");
		assertThat(this.shop.post("/orders", order(line("tea-green", 3), line("tea-black", 1))).statusCode())
			.isEqualTo(201);
		assertThat(this.redis.get("{stock}:tea-green")).isEqualTo("7");
		assertThat(this.redis.get("{stock}:tea-black")).isEqualTo("0");
	}

	@Test
	void databaseDecidesWhenTheDeskIsWrong() throws Exception {
		stock("honey", 1);
		this.redis.set("{stock}:honey", "100");
		assertThat(this.shop.post("/orders", order(line("honey", 2))).statusCode()).isEqualTo(409);
		assertThat(this.redis.exists("{stock}:honey")).isZero();
		assertThat(this.shop.post("/orders", order(line("honey", 1))).statusCode()).isEqualTo(201);
		assertThat(stock("honey")).isZero();
	}

	@Test
	void deliveryReachesTheDesk() throws Exception {
		stock("biscuit", 0);
		assertThat(this.shop.post("/orders", order(line("biscuit", 1))).statusCode()).isEqualTo(409);
		this.shop.post("/deliveries", line("biscuit", 3));
		assertThat(this.shop.post("/orders", order(line("biscuit", 1))).statusCode()).isEqualTo(201);
		assertThat(this.redis.get("{stock}:biscuit")).isEqualTo("2");
	}

	@Test
	void placedOrderIsAtHand() throws Exception {
		long id = this.shop.json(this.shop.post("/orders", order(line("cocoa", 1)))).path("id").asLong();
		assertThat(this.redis.ttl("order:" + id)).isBetween(1L, 600L);
		this.sql.sql("UPDATE orders SET customer = 'somebody else' WHERE id = " + id).update();
		assertThat(this.shop.json(this.shop.get("/orders/" + id)).path("customer").asString()).isEqualTo("Kim");
		this.redis.del("order:" + id);
		assertThat(this.shop.json(this.shop.get("/orders/" + id)).path("customer").asString())
			.isEqualTo("somebody else");
	}

	private void stock(String sku, int quantity) {
		this.sql.sql("UPDATE stock SET quantity = :quantity FROM products WHERE id = product_id AND sku = :sku")
			.param("quantity", quantity)
			.param("sku", sku)
			.update();
		this.redis.del("{stock}:" + sku);
	}

	private int stock(String sku) {
		return this.sql.sql("SELECT quantity FROM stock JOIN products ON id = product_id WHERE sku = :sku")
			.param("sku", sku)
			.query(Integer.class)
			.single();
	}

}
