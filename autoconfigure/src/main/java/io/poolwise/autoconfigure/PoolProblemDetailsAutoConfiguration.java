package io.poolwise.autoconfigure;

import com.rabbitmq.client.Channel;
import io.lettuce.core.RedisClient;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ControllerAdvice;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of what web requests are answered
 * that get no connection of a pool, with Spring MVC and WebFlux.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass({ ControllerAdvice.class, ProblemDetail.class })
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.web.problemdetails.enabled" }, matchIfMissing = true)
public final class PoolProblemDetailsAutoConfiguration {

	@Bean
	DatabasePoolProblemAdvice databasePoolProblemAdvice() {
		return new DatabasePoolProblemAdvice();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RedisClient.class, LettuceConnectionFactory.class })
	static class Redis {

		@Bean
		RedisPoolProblemAdvice redisPoolProblemAdvice() {
			return new RedisPoolProblemAdvice();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ CachingConnectionFactory.class, Channel.class })
	@ConditionalOnBooleanProperty(name = "pool.rabbit.enabled", matchIfMissing = true)
	static class Rabbit {

		@Bean
		@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
		RabbitPoolProblemAdvice rabbitPoolProblemAdvice(ObjectProvider<RabbitPoolFactory> pools) {
			return new RabbitPoolProblemAdvice(pools);
		}

	}

}
