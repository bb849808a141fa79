package io.poolwise.sample.traffic;

import java.net.http.HttpResponse;
import java.time.Duration;

import io.poolwise.sample.Shop;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The built-in traffic, from the first user to none, on the real application.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sample.traffic.enabled=true", "sample.traffic.users=4", "sample.traffic.think-time=20ms",
				"sample.traffic.max-users=30" })
@ActiveProfiles("test")
class TrafficIT {

	@Test
	void comesAtStartAndChangesLive(@LocalServerPort int port, @Autowired PostgresServer server) throws Exception {
		Shop shop = new Shop(port);
		JdbcClient sql = JdbcClient
			.create(new DriverManagerDataSource(server.jdbcUrl("orders"), server.username(), server.password()));
		assertThat(shop.json(shop.get("/traffic")).path("users").asInt()).isEqualTo(4);
		await().atMost(Duration.ofSeconds(20))
			.until(() -> shop.json(shop.get("/traffic")).path("ok").asLong() > 50 && orders(sql) > 10);

		assertThat(shop.post("/traffic", "{\"users\": 31}").statusCode()).isEqualTo(400);
		assertThat(shop.post("/traffic", "{}").statusCode()).isEqualTo(400);
		JsonNode more = shop.json(shop.post("/traffic", "{\"users\": 12, \"think_time_ms\": 10}"));
		assertThat(more.path("users").asInt()).isEqualTo(12);
		assertThat(more.path("think_time_ms").asInt()).isEqualTo(10);

		shop.post("/traffic", "{\"users\": 0}");
		await().atMost(Duration.ofSeconds(20))
			.until(() -> shop.json(shop.get("/traffic")).path("in_flight").asInt() == 0);
		long orders = orders(sql);
		await().pollDelay(Duration.ofMillis(300)).until(() -> true);
		assertThat(orders(sql)).isEqualTo(orders);
		HttpResponse<String> end = shop.get("/traffic");
		assertThat(shop.json(end).path("failed").size()).as(end.body()).isZero();
	}

	private static long orders(JdbcClient sql) {
		return sql.sql("SELECT count(*) FROM orders").query(Long.class).single();
	}

}
