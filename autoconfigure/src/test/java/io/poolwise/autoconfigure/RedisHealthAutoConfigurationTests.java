package io.poolwise.autoconfigure;

import io.lettuce.core.RedisClient;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.health.DataRedisHealthIndicator;
import org.springframework.boot.data.redis.health.DataRedisReactiveHealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedisHealthAutoConfiguration}.
 */
class RedisHealthAutoConfigurationTests extends AbstractPoolHealthAutoConfigurationTests {

	RedisHealthAutoConfigurationTests() {
		super("redis", "redisConnectionFactory", GovernedLettuceConnectionFactory.class,
				DataRedisReactiveHealthIndicator.class);
	}

	@Override
	Class<?>[] ours() {
		return new Class<?>[] { RedisPoolAutoConfiguration.class, RedisHealthAutoConfiguration.class };
	}

	@Override
	Class<?>[] bootsFactory() {
		return new Class<?>[] { DataRedisAutoConfiguration.class };
	}

	@Override
	Class<?>[] bootsHealth() {
		return new Class<?>[] { DataRedisReactiveAutoConfiguration.class,
				DataRedisHealthContributorAutoConfiguration.class,
				DataRedisReactiveHealthContributorAutoConfiguration.class };
	}

	@Override
	String[] nowhere() {
		return new String[] { "spring.data.redis.port=9" };
	}

	@Override
	String[] library() {
		return new String[] { "org.springframework.data.redis", "org.springframework.boot.data.redis" };
	}

	@Test
	void everyFactoryHasAPartAndWhatIsNotGovernedKeepsTheStockOne() {
		runner().withUserConfiguration(Several.class).run((context) -> {
			assertThat(parts(context)).containsExactlyInAnyOrder("sessions", "cache", "own");
			assertThat(part(context, "own")).isInstanceOf(DataRedisHealthIndicator.class);
			assertThat(part(context, "cache")).isNotInstanceOf(DataRedisHealthIndicator.class);
		});
	}

	@Test
	void withoutAPoolLibraryTheStockIndicatorIsThere() {
		runner().withClassLoader(new FilteredClassLoader(GenericObjectPoolConfig.class))
			.run((context) -> assertThat(context).getBean(bean()).isInstanceOf(DataRedisReactiveHealthIndicator.class));
	}

	@Test
	void withoutAConnectionFactoryThereIsNothing() {
		runner().withClassLoader(new FilteredClassLoader(RedisClient.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RedisConnectionFactory.class)
				.doesNotHaveBean(bean()));
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
