package io.poolwise.sample.report;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;

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
import static org.awaitility.Awaitility.await;

/**
 * The report, and what its slow query does to a small pool.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.datasource.hikari.maximum-pool-size=2", "spring.datasource.hikari.minimum-idle=2",
				"spring.datasource.hikari.connection-timeout=300" })
@ActiveProfiles({ "test", "jdbc" })
class ReportIT {

	private Shop shop;

	private JdbcClient sql;

	@BeforeEach
	void open(@LocalServerPort int port, @Autowired PostgresServer server) {
		this.shop = new Shop(port);
		this.sql = JdbcClient
			.create(new DriverManagerDataSource(server.jdbcUrl("orders"), server.username(), server.password()));
		this.sql.sql("TRUNCATE orders, order_lines").update();
	}

	@Test
	void addsUpWhatWasSold() throws Exception {
		this.shop.post("/orders", order(line("cocoa", 2)));
		this.shop.post("/orders", order(line("cocoa", 1), line("honey", 1)));
		this.sql
			.sql("UPDATE orders SET placed_at = now() - interval '11 minutes' WHERE id = "
					+ this.shop.json(this.shop.post("/orders", order(line("honey", 9)))).path("id").asLong())
			.update();
		JsonNode products = this.shop.json(this.shop.get("/report")).path("products");
		assertThat(products.size()).isEqualTo(2);
		JsonNode best = products.path(0);
		assertThat(best.path("sku").asString()).isEqualTo("cocoa");
		assertThat(best.path("orders").asLong()).isEqualTo(2);
		assertThat(best.path("pieces").asLong()).isEqualTo(3);
		assertThat(best.path("revenue").decimalValue()).isEqualByComparingTo("16.20");
	}

	@Test
	void sleepsOnceAndNotOnceALine() throws Exception {
		String line = line("tea-green", 1);
		this.shop.post("/orders", order(Collections.nCopies(20, line).toArray(String[]::new)));
		long start = System.nanoTime();
		assertThat(this.shop.get("/report?delay=1s").statusCode()).isEqualTo(200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1),
				Duration.ofSeconds(15));
		assertThat(this.shop.get("/report?delay=long").statusCode()).isEqualTo(400);
	}

	@Test
	void exhaustedPoolAnswersWithAHintToComeBack() throws Exception {
		CompletableFuture<HttpResponse<String>> report = this.shop.getLater("/report?delay=5s");
		CompletableFuture<HttpResponse<String>> another = this.shop.getLater("/report?delay=5s");
		await().atMost(Duration.ofSeconds(20)).until(() -> asleep() == 2);
		HttpResponse<String> refused = this.shop.get("/orders");
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(refused.headers().firstValue("Retry-After")).get().asString().matches("[1-9]\\d*");
		assertThat(this.shop.json(refused).path("title").asString()).isEqualTo("No connection free");
		assertThat(this.shop.json(refused).path("detail").asString())
			.startsWith("The pool 'primary' has no connection free.");
		assertThat(report.join().statusCode()).isEqualTo(200);
		assertThat(another.join().statusCode()).isEqualTo(200);
		assertThat(this.shop.get("/orders").statusCode()).isEqualTo(200);
	}

	private long asleep() {
		return this.sql.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
			.query(Long.class)
			.single();
	}

}
