package io.poolwise.sample.order.redis;

import io.poolwise.sample.order.OrderCache;
import io.poolwise.sample.order.OrderService;
import io.poolwise.sample.order.StockDesk;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Orders with Redis.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!jdbc")
class RedisConfiguration {

	@Bean
	StockDesk stockDesk(StringRedisTemplate redis, OrderService orders) {
		return new RedisStockDesk(redis, orders);
	}

	@Bean
	OrderCache orderCache(StringRedisTemplate redis, JsonMapper json) {
		return new RedisOrderCache(redis, json);
	}

}
