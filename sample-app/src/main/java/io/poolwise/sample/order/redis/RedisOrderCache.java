package io.poolwise.sample.order.redis;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.sample.order.Order;
import io.poolwise.sample.order.OrderCache;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Orders as JSON in Redis. Single commands: they share one connection and need no pool.
 */
final class RedisOrderCache implements OrderCache {

	private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);

	private final StringRedisTemplate redis;

	private final JsonMapper json;

	RedisOrderCache(StringRedisTemplate redis, JsonMapper json) {
		this.redis = redis;
		this.json = json;
	}

	@Override
	public Optional<Order> find(long id) {
		return Optional.ofNullable(this.redis.opsForValue().get(key(id)))
			.map((value) -> this.json.readValue(value, Order.class));
	}

	@Override
	public void put(Order order) {
		this.redis.opsForValue().set(key(order.id()), this.json.writeValueAsString(order), TIME_TO_LIVE);
	}

	private static String key(long id) {
		return "order:" + id;
	}

}
