package io.poolwise.sample.embedded;

import io.poolwise.sample.SampleApplication;
import io.poolwise.sample.Shop;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static io.poolwise.sample.Shop.line;
import static io.poolwise.sample.Shop.order;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Instances that are given a real address.
 */
class RealAddressIT {

	@Test
	void twoInstancesShareTheServerTheyAreGiven() throws Exception {
		try (PostgresServer server = PostgresServer.builder().start();
				ConfigurableApplicationContext first = start(server);
				ConfigurableApplicationContext second = start(server)) {
			assertThat(first.getBeansOfType(PostgresServer.class)).isEmpty();
			Shop one = shop(first);
			Shop two = shop(second);
			long id = one.json(one.post("/orders", order(line("cocoa", 1)))).path("id").asLong();
			assertThat(two.get("/orders/" + id).statusCode()).isEqualTo(200);
			assertThat(two.json(two.get("/instance")).path("another").isNull()).isTrue();
			JdbcClient sql = JdbcClient
				.create(new DriverManagerDataSource(server.jdbcUrl(), server.username(), server.password()));
			assertThat(sql.sql("SELECT count(*) FROM orders").query(Long.class).single()).isEqualTo(1);
		}
	}

	private static ConfigurableApplicationContext start(PostgresServer server) {
		return new SpringApplicationBuilder(SampleApplication.class).profiles("test", "jdbc")
			.run("--server.port=0", "--spring.datasource.url=" + server.jdbcUrl(),
					"--spring.datasource.username=" + server.username(),
					"--spring.datasource.password=" + server.password());
	}

	private static Shop shop(ConfigurableApplicationContext instance) {
		return new Shop(instance.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

}
