package io.poolwise.autoconfigure;

import java.util.List;

import io.lettuce.core.RedisClient;
import io.poolwise.actuate.PoolHealthContributor;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.health.DataRedisHealthIndicator;
import org.springframework.boot.data.redis.health.DataRedisReactiveHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedisHealthAutoConfiguration}, beside those of Spring Boot that it
 * replaces, without a server: nothing listens on port 9.
 */
class RedisHealthAutoConfigurationTests {

	private static final String BEAN = "redisHealthContributor";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RedisPoolAutoConfiguration.class,
				RedisHealthAutoConfiguration.class, DataRedisAutoConfiguration.class,
				DataRedisReactiveAutoConfiguration.class, DataRedisHealthContributorAutoConfiguration.class,
				DataRedisReactiveHealthContributorAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.port=9", "pool.replicas=1");

	@Test
	void governedPoolAnswersForItself() {
		this.runner.run((context) -> {
			assertThat(context).getBeanNames(HealthContributor.class).containsExactly(BEAN);
			assertThat(parts(context)).containsExactly("redisConnectionFactory");
			Health health = part(context, "redisConnectionFactory").health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsKeys("size", "max_size", "server");
		});
	}

	@Test
	void everyFactoryHasAPartAndWhatIsNotGovernedKeepsTheStockOne() {
		this.runner.withUserConfiguration(Several.class).run((context) -> {
			assertThat(parts(context)).containsExactlyInAnyOrder("sessions", "cache", "own");
			assertThat(part(context, "own")).isInstanceOf(DataRedisHealthIndicator.class);
			assertThat(part(context, "cache")).isNotInstanceOf(DataRedisHealthIndicator.class);
		});
	}

	@Test
	void switchedOffThereIsNoHealthOfRedis() {
		this.runner.withPropertyValues("management.health.redis.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(GovernedLettuceConnectionFactory.class)
				.doesNotHaveBean(BEAN));
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.enabled=false", "pool.redis.enabled=false", "pool.dry-run=true" })
	void withPoolsLeftAloneTheStockIndicatorIsThere(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).getBean(BEAN).isInstanceOf(DataRedisReactiveHealthIndicator.class));
	}

	@Test
	void withoutAPoolLibraryTheStockIndicatorIsThere() {
		this.runner.withClassLoader(new FilteredClassLoader(GenericObjectPoolConfig.class))
			.run((context) -> assertThat(context).getBean(BEAN).isInstanceOf(DataRedisReactiveHealthIndicator.class));
	}

	@Test
	void withoutAConnectionFactoryThereIsNothing() {
		this.runner.withClassLoader(new FilteredClassLoader(RedisClient.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RedisConnectionFactory.class)
				.doesNotHaveBean(BEAN));
	}

	@Test
	void withoutBootsHealthThereIsNothing() {
		new ApplicationContextRunner()
			.withClassLoader(
					new FilteredClassLoader(ConditionalOnEnabledHealthIndicator.class, HealthContributor.class))
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RedisPoolAutoConfiguration.class,
					RedisHealthAutoConfiguration.class, DataRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.port=9", "pool.replicas=1")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(GovernedLettuceConnectionFactory.class)
				.doesNotHaveBean(BEAN));
	}

	@Test
	void withoutSpringDataRedisThereIsNothing() {
		new ApplicationContextRunner()
			.withClassLoader(
					new FilteredClassLoader("org.springframework.data.redis", "org.springframework.boot.data.redis"))
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RedisPoolAutoConfiguration.class,
					RedisHealthAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RedisPoolAutoConfiguration.class)
				.doesNotHaveBean(BEAN));
	}

	@Test
	void healthOfTheApplicationWins() {
		HealthIndicator own = () -> Health.up().build();
		for (String name : new String[] { "redisHealthIndicator", BEAN }) {
			this.runner.withBean(name, HealthContributor.class, () -> own)
				.run((context) -> assertThat(context).getBean(HealthContributor.class).isSameAs(own));
		}
	}

	private static List<String> parts(AssertableApplicationContext context) {
		return context.getBean(BEAN, PoolHealthContributor.class).stream().map(HealthContributors.Entry::name).toList();
	}

	private static HealthIndicator part(AssertableApplicationContext context, String name) {
		return (HealthIndicator) context.getBean(BEAN, PoolHealthContributor.class).getContributor(name);
	}

	@Configuration(proxyBeanMethods = false)
	static class Several {

		@Bean
		@Primary
		LettuceConnectionFactory sessions() {
			return new LettuceConnectionFactory("localhost", 9);
		}

		@Bean
		LettuceConnectionFactory cache() {
			return new LettuceConnectionFactory("localhost", 9);
		}

		@Bean
		LettuceConnectionFactory own() {
			return new LettuceConnectionFactory("localhost", 9) {
			};
		}

	}

}
