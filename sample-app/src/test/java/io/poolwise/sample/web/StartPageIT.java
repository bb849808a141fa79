package io.poolwise.sample.web;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.poolwise.sample.Shop;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The start page and what it asks for.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("test")
class StartPageIT {

	private Shop shop;

	@BeforeEach
	void open(@LocalServerPort int port) {
		this.shop = new Shop(port);
	}

	@Test
	void everythingThatThePageLoadsIsServed() throws Exception {
		HttpResponse<String> page = this.shop.get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		Matcher parts = Pattern.compile("(?:src|href)=\"([^\"]+\\.(?:css|js|svg))\"").matcher(page.body());
		int count = 0;
		while (parts.find()) {
			count++;
			assertThat(this.shop.get("/" + parts.group(1)).statusCode()).as(parts.group(1)).isEqualTo(200);
		}
		assertThat(count).isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/page.js", "/style.css" })
	void nothingComesFromOutside(String part) throws Exception {
		assertThat(this.shop.get(part).body()).isNotBlank().doesNotContain("http:", "https:", "//cdn", "@import");
	}

	@Test
	void saysHowToShareTheEmbeddedServer(@Autowired PostgresServer server) throws Exception {
		JsonNode instance = this.shop.json(this.shop.get("/instance"));
		assertThat(instance.path("profiles").path(0).asString()).isEqualTo("test");
		assertThat(instance.path("embedded").valueStream().map(JsonNode::asString)).containsExactly("PostgreSQL 18",
				"Redis", "AMQP broker");
		assertThat(instance.path("another").asString()).contains(
				"SPRING_DATASOURCE_URL='" + server.jdbcUrl("orders") + "'", "SPRING_DATA_REDIS_URL=",
				"SPRING_RABBITMQ_ADDRESSES=");
	}

}
