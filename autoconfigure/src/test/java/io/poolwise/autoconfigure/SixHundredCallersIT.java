package io.poolwise.autoconfigure;

import io.lettuce.core.api.StatefulConnection;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.RabbitServer;
import io.poolwise.testservers.RedisServer;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The incident of 600 users in small: 600 callers at once, with one PostgreSQL, one Redis
 * and one RabbitMQ that grant far less than that.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SixHundredCallersIT {

	private static final int CALLERS = 600;

	private static final int ORDERS = 3;

	private static final int MAX_CONNECTIONS = 60;

	private static final int MAX_CLIENTS = 40;

	private static final int CHANNEL_MAX = 64;

	private static PostgresServer postgres;

	private static RedisServer redis;

	private static RabbitServer rabbit;

	@BeforeAll
	static void start() {
		postgres = PostgresServer.builder().maxConnections(MAX_CONNECTIONS).start();
		redis = RedisServer.builder().maxClients(MAX_CLIENTS).start();
		rabbit = RabbitServer.builder().channelMax(CHANNEL_MAX).start();
	}

	@AfterAll
	static void stop() {
		rabbit.close();
		redis.close();
		postgres.close();
	}

	@Test
	void withPoolwiseEveryOrderIsCompleted(TestReporter reporter) throws Exception {
		// the profile's 5 s are for a service that has more than a share of two cores
		TestApplication application = application().with("pool.profile=prod", "pool.replicas=1",
				"pool.database.acquire-timeout=60s", "pool.redis.acquire-timeout=60s",
				"pool.rabbit.acquire-timeout=60s");
		try (ServerWatch watch = new ServerWatch(postgres, redis, rabbit);
				ConfigurableApplicationContext context = application.run()) {
			int refusedBefore = watch.refusedByRedis();
			OrderRush.Result result = rush(context, "with Poolwise", watch, reporter);
			assertThat(result.failures()).isEmpty();
			assertThat(result.completed()).isEqualTo(CALLERS * ORDERS);
			assertThat(watch.refusedByRedis()).isEqualTo(refusedBefore);
			assertThat(watch.highest().sessions()).isBetween(1, MAX_CONNECTIONS - 3);
			assertThat(watch.highest().clients()).isBetween(1, MAX_CLIENTS);
			assertThat(watch.highest().channels()).isBetween(1, CHANNEL_MAX);
			assertThat(messages(context)).isEqualTo(CALLERS * ORDERS);
		}
	}

	/**
	 * Spring Boot's own defaults, without a pool for Redis, which its starter doesn't
	 * bring.
	 */
	@Test
	void withSpringBootsDefaultsOrdersFail(TestReporter reporter) throws Exception {
		TestApplication application = application().with("pool.enabled=false",
				"spring.data.redis.lettuce.pool.enabled=false");
		fails(application, "Spring Boot's defaults", reporter);
	}

	/**
	 * As it was: three connection factories of 20 for Redis, ten channels.
	 */
	@Test
	void withTheSettingsOfTheIncidentOrdersFail(TestReporter reporter) throws Exception {
		TestApplication application = application(ThreeFactories.class).with("pool.enabled=false",
				"spring.datasource.hikari.maximum-pool-size=50", "spring.rabbitmq.cache.channel.size=10",
				"spring.rabbitmq.cache.channel.checkout-timeout=1s");
		fails(application, "settings of the incident", reporter);
	}

	private void fails(TestApplication application, String name, TestReporter reporter) throws Exception {
		try (ServerWatch watch = new ServerWatch(postgres, redis, rabbit);
				ConfigurableApplicationContext context = application.run()) {
			int refusedBefore = watch.refusedByRedis();
			OrderRush.Result result = rush(context, name, watch, reporter);
			assertThat(result.failures()).isNotEmpty();
			assertThat(watch.refusedByRedis()).isGreaterThan(refusedBefore);
		}
	}

	private static OrderRush.Result rush(ConfigurableApplicationContext context, String name, ServerWatch watch,
			TestReporter reporter) throws Exception {
		OrderRush rush = new OrderRush(context);
		long start = System.nanoTime();
		OrderRush.Result result = rush.run(CALLERS, ORDERS);
		long millis = (System.nanoTime() - start) / 1_000_000;
		reporter.publishEntry(name,
				"%d completed in %d ms, failed %s, highest %s, refused by Redis %d, %s".formatted(result.completed(),
						millis, result.failed(), watch.highest(), watch.refusedByRedis(), result.reasons()));
		return result;
	}

	private static int messages(ConfigurableApplicationContext context) {
		return context.getBean(RabbitTemplate.class).execute((channel) -> (int) channel.messageCount(OrderRush.QUEUE));
	}

	private static TestApplication application(Class<?>... more) {
		return TestApplication.onAll(more)
			.with("spring.datasource.url=" + postgres.jdbcUrl(), "spring.datasource.username=" + postgres.username(),
					"spring.datasource.password=" + postgres.password(), "spring.data.redis.port=" + redis.port(),
					"spring.rabbitmq.port=" + rabbit.port(), "spring.rabbitmq.username=" + rabbit.username(),
					"spring.rabbitmq.password=" + rabbit.password(),
					"spring.rabbitmq.publisher-confirm-type=correlated");
	}

	@Configuration(proxyBeanMethods = false)
	static class ThreeFactories {

		@Bean
		@Primary
		LettuceConnectionFactory stock(@Value("${spring.data.redis.port}") int port) {
			return twenty(port);
		}

		@Bean
		LettuceConnectionFactory sessions(@Value("${spring.data.redis.port}") int port) {
			return twenty(port);
		}

		@Bean
		LettuceConnectionFactory locks(@Value("${spring.data.redis.port}") int port) {
			return twenty(port);
		}

		private static LettuceConnectionFactory twenty(int port) {
			GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
			pool.setMaxTotal(20);
			pool.setMaxIdle(20);
			return new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port),
					LettucePoolingClientConfiguration.builder().poolConfig(pool).build());
		}

	}

}
