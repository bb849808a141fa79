package io.poolwise.sample.order;

import io.poolwise.sample.Shop;
import io.poolwise.testservers.TestServer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.ActiveProfiles;

import static io.poolwise.sample.Shop.line;
import static io.poolwise.sample.Shop.order;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample with the profile {@code jdbc}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles({ "test", "jdbc" })
class JdbcOnlyIT {

	@Test
	void aDatabaseIsEnough(@LocalServerPort int port, @Autowired ApplicationContext context) throws Exception {
		Shop shop = new Shop(port);
		assertThat(context.getBeansOfType(TestServer.class)).hasSize(1);
		long id = shop.json(shop.post("/orders", order(line("cocoa", 1)))).path("id").asLong();
		assertThat(shop.get("/orders/" + id).statusCode()).isEqualTo(200);
		assertThat(shop.get("/actuator/health").statusCode()).isEqualTo(200);
		assertThat(shop.get("/actuator/health").body()).doesNotContain("redis", "rabbit");
	}

}
