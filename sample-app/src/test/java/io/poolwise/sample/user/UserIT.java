package io.poolwise.sample.user;

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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sign-up and login over HTTP; what really happened is read from the database, past the
 * application.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles({ "test", "jdbc" })
class UserIT {

	private Shop shop;

	private JdbcClient sql;

	@BeforeEach
	void open(@LocalServerPort int port, @Autowired PostgresServer server) {
		this.shop = new Shop(port);
		this.sql = JdbcClient
			.create(new DriverManagerDataSource(server.jdbcUrl("orders"), server.username(), server.password()));
	}

	@Test
	void userSignsUpOnceAndLogsInOften() throws Exception {
		HttpResponse<String> signedUp = this.shop.post("/users", name("Kim"));
		assertThat(signedUp.statusCode()).isEqualTo(201);
		JsonNode first = this.shop.json(this.shop.post("/logins", name("Kim")));
		JsonNode second = this.shop.json(this.shop.post("/logins", name("Kim")));
		assertThat(first.path("token").asString()).isNotEqualTo(second.path("token").asString());
		assertThat(first.path("user_id").asLong()).isEqualTo(this.shop.json(signedUp).path("id").asLong());
		assertThat(count("SELECT count(*) FROM logins l JOIN users u ON u.id = l.user_id WHERE u.name = 'Kim'"))
			.isEqualTo(2);
	}

	@Test
	void nameIsGivenToOneOnly() {
		List<Integer> answers = this.shop.postAll("/users", 10, (i) -> name("Lee"));
		assertThat(Collections.frequency(answers, 201)).isEqualTo(1);
		assertThat(Collections.frequency(answers, 409)).isEqualTo(9);
		assertThat(count("SELECT count(*) FROM users WHERE name = 'Lee'")).isEqualTo(1);
	}

	@Test
	void strangerAndNamelessDontGetIn() throws Exception {
		assertThat(this.shop.post("/logins", name("nobody")).statusCode()).isEqualTo(401);
		assertThat(this.shop.post("/users", name(" ")).statusCode()).isEqualTo(400);
		assertThat(this.shop.post("/users", "{}").statusCode()).isEqualTo(400);
	}

	private static String name(String name) {
		return "{\"name\": \"" + name + "\"}";
	}

	private long count(String query) {
		return this.sql.sql(query).query(Long.class).single();
	}

}
