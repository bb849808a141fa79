package io.poolwise.sample.order.amqp;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import io.poolwise.sample.Shop;
import io.poolwise.testservers.AmqpBroker;
import io.poolwise.testservers.PostgresServer;
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
import static org.awaitility.Awaitility.await;

/**
 * Events about orders, from the confirm to what the listener wrote back.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("test")
class AmqpOrderEventsIT {

	private Shop shop;

	private JdbcClient sql;

	@BeforeEach
	void open(@LocalServerPort int port, @Autowired PostgresServer server) {
		this.shop = new Shop(port);
		this.sql = JdbcClient
			.create(new DriverManagerDataSource(server.jdbcUrl("orders"), server.username(), server.password()));
	}

	@Test
	void everyPlacedOrderIsConfirmed() throws Exception {
		this.shop.post("/deliveries", line("cocoa", 100));
		List<Integer> answers = this.shop.postAll("/orders", 40, (i) -> order(line("cocoa", 1)));
		assertThat(answers).containsOnly(201);
		await().atMost(Duration.ofSeconds(30)).until(() -> count("PLACED") == 0);
		assertThat(count("CONFIRMED")).isGreaterThanOrEqualTo(40);
		long newest = this.shop.json(this.shop.get("/orders?limit=1")).path(0).path("id").asLong();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.shop.json(this.shop.get("/orders/" + newest))
				.path("status")
				.asString()
				.equals("CONFIRMED"));
	}

	@Test
	void orderThatCouldNotBeAnnouncedIsAnnouncedLater(@Autowired AmqpBroker broker) throws Exception {
		this.shop.post("/deliveries", line("honey", 1));
		broker.stop();
		try {
			HttpResponse<String> placed = this.shop.post("/orders", order(line("honey", 1)));
			assertThat(placed.statusCode()).isEqualTo(202);
			assertThat(count("PLACED")).isEqualTo(1);
		}
		finally {
			broker.restart();
		}
		await().atMost(Duration.ofSeconds(60)).until(() -> count("PLACED") == 0);
	}

	private long count(String status) {
		return this.sql.sql("SELECT count(*) FROM orders WHERE status = :status")
			.param("status", status)
			.query(Long.class)
			.single();
	}

}
