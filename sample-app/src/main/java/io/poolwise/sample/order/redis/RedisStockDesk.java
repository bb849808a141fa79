package io.poolwise.sample.order.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import io.poolwise.sample.order.NewOrder;
import io.poolwise.sample.order.OrderService;
import io.poolwise.sample.order.StockDesk;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * A stock desk in Redis. Each number is loaded from the database when it is first asked
 * for, and again after half a minute, so that an error never lives long.
 */
final class RedisStockDesk implements StockDesk {

	private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

	// Each lost attempt means that another order won, so this many lost ones are a storm.
	private static final int ATTEMPTS = 100;

	private final StringRedisTemplate redis;

	private final OrderService orders;

	RedisStockDesk(StringRedisTemplate redis, OrderService orders) {
		this.redis = redis;
		this.orders = orders;
	}

	@Override
	public void reserve(List<NewOrder.Line> lines) {
		SortedMap<String, Integer> wanted = new TreeMap<>();
		lines.forEach((line) -> wanted.merge(line.sku(), line.quantity(), Integer::sum));
		Reservation reservation = new Reservation(wanted);
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			Reservation.Outcome outcome = this.redis.execute(reservation);
			if (outcome == Reservation.Outcome.RESERVED) {
				return;
			}
			if (outcome == Reservation.Outcome.NOT_LOADED) {
				load(wanted.keySet());
			}
		}
		throw new ConcurrencyFailureException("too many orders for " + wanted.keySet() + " at once");
	}

	@Override
	public void forget(Collection<String> skus) {
		this.redis.delete(skus.stream().map(RedisStockDesk::key).toList());
	}

	static String key(String sku) {
		// The braces keep all of them on one node of a cluster, as a transaction needs.
		return "{stock}:" + sku;
	}

	private void load(Collection<String> skus) {
		Map<String, Integer> stock = this.orders.stock(skus);
		stock.forEach(
				(sku, quantity) -> this.redis.opsForValue().setIfAbsent(key(sku), quantity.toString(), TIME_TO_LIVE));
	}

}
