package io.poolwise.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.rabbitmq.client.Channel;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.RabbitServer;
import io.poolwise.testservers.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What an instance may open on Redis and RabbitMQ follows the number of instances that
 * lease from the same database.
 */
@Timeout(300)
class LeaseReplicasIT {

	// fewer count half a minute after they were first seen
	private static final Duration FEWER = Duration.ofSeconds(90);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	// 40 less 10 % = 36; the members, and 25 % of them or at least 1 that may just come
	private static final int LIMIT = 40;

	private static final int ALONE = 18;

	private static final int OF_THREE = 9;

	private static PostgresServer database;

	private static RedisServer redis;

	private static RabbitServer rabbit;

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	@BeforeAll
	static void startServers() throws SQLException {
		database = PostgresServer.builder().maxConnections(60).start();
		try (Sessions sessions = new Sessions(database)) {
			sessions.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
		}
		redis = RedisServer.builder().maxClients(LIMIT).start();
		rabbit = RabbitServer.builder()
			.management()
			.user("app", "app-secret")
			.userLimit("app", "max-channels", LIMIT)
			.start();
	}

	@AfterAll
	static void stopServers() {
		rabbit.close();
		redis.close();
		database.close();
	}

	@AfterEach
	void stop() {
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void partsOfRedisAndRabbitFollowTheNumberOfMembers() {
		ConfigurableApplicationContext first = start();
		awaitParts(ALONE, PATIENCE);
		List<Channel> held = borrow(first, ALONE);
		await().atMost(PATIENCE).until(() -> rabbit.channels() == ALONE);

		start();
		start();
		awaitParts(OF_THREE, PATIENCE);
		// what is in use is not cut, and goes when it comes back
		assertThat(held).allMatch(Channel::isOpen);
		held.forEach(RabbitUtils::closeChannel);
		await().atMost(PATIENCE).until(() -> rabbit.channels() == OF_THREE);
		this.instances.forEach((instance) -> borrow(instance, OF_THREE));
		await().atMost(PATIENCE).until(() -> rabbit.channels() == 3 * OF_THREE);
		assertThatExceptionOfType(AmqpTimeoutException.class).isThrownBy(() -> borrow(first, 1));
		await().atMost(PATIENCE).until(() -> clients() == 3 * OF_THREE);

		this.instances.subList(1, 3).forEach(ConfigurableApplicationContext::close);
		this.instances.subList(1, 3).clear();
		awaitParts(ALONE, FEWER);
		borrow(first, ALONE - OF_THREE);
		await().atMost(PATIENCE).until(() -> rabbit.channels() == ALONE);
		// the profile's minimum, which the allotment had cut
		await().atMost(PATIENCE).until(() -> clients() == 10);
	}

	private void awaitParts(int each, Duration patience) {
		await().atMost(patience)
			.untilAsserted(() -> assertThat(this.instances)
				.flatExtracting((instance) -> max(instance, "redisConnectionFactory"),
						(instance) -> max(instance, "rabbitConnectionFactory"))
				.containsOnly(each));
	}

	private ConfigurableApplicationContext start() {
		ConfigurableApplicationContext instance = TestApplication.onAll()
			.with("spring.profiles.active=prod", "spring.datasource.url=" + database.jdbcUrl(),
					"spring.datasource.username=app", "spring.datasource.password=app", "pool.database.min-size=0",
					"spring.data.redis.port=" + redis.port(), "spring.rabbitmq.port=" + rabbit.port(),
					"spring.rabbitmq.username=app", "spring.rabbitmq.password=app-secret",
					"pool.rabbit.management.url=" + rabbit.managementUrl(), "pool.rabbit.management.username=guest",
					"pool.rabbit.management.password=guest", "pool.rabbit.acquire-timeout=2s")
			.run();
		this.instances.add(instance);
		return instance;
	}

	private static int max(ConfigurableApplicationContext instance, String pool) {
		PoolReport report = instance.getBean(PoolGovernor.class).pool(pool).orElseThrow();
		return report.target().max();
	}

	private static List<Channel> borrow(ConfigurableApplicationContext instance, int channels) {
		CachingConnectionFactory factory = instance.getBean(CachingConnectionFactory.class);
		List<Channel> borrowed = new ArrayList<>();
		for (int i = 0; i < channels; i++) {
			borrowed.add(factory.createConnection().createChannel(false));
		}
		return borrowed;
	}

	private static int clients() {
		try (RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
				StatefulRedisConnection<String, String> connection = client.connect()) {
			return (int) connection.sync().clientList().lines().count() - 1;
		}
	}

}
