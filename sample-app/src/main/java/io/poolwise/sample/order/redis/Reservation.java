package io.poolwise.sample.order.redis;

import java.util.List;
import java.util.SortedMap;

import io.poolwise.sample.order.OutOfStockException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;

/**
 * One attempt to take pieces of several products: WATCH, look, MULTI, EXEC. The session
 * has a connection of its own out of the pool, for as long as the attempt takes.
 */
final class Reservation implements SessionCallback<Reservation.Outcome> {

	private final SortedMap<String, Integer> wanted;

	Reservation(SortedMap<String, Integer> wanted) {
		this.wanted = wanted;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <K, V> Outcome execute(RedisOperations<K, V> session) throws DataAccessException {
		return attempt((RedisOperations<String, String>) session);
	}

	private Outcome attempt(RedisOperations<String, String> session) {
		List<String> keys = this.wanted.keySet().stream().map(RedisStockDesk::key).toList();
		boolean unchanged = false;
		session.watch(keys);
		try {
			List<@Nullable String> left = session.opsForValue().multiGet(keys);
			if (left == null || left.contains(null)) {
				return Outcome.NOT_LOADED;
			}
			check(left);
			unchanged = true;
		}
		finally {
			if (!unchanged) {
				session.unwatch();
			}
		}
		session.multi();
		this.wanted.forEach((sku, quantity) -> session.opsForValue().decrement(RedisStockDesk.key(sku), quantity));
		return session.exec().isEmpty() ? Outcome.LOST : Outcome.RESERVED;
	}

	private void check(List<@Nullable String> left) {
		int index = 0;
		for (var entry : this.wanted.entrySet()) {
			String quantity = left.get(index++);
			if (quantity == null || Integer.parseInt(quantity) < entry.getValue()) {
				throw new OutOfStockException(entry.getKey(), entry.getValue());
			}
		}
	}

	/**
	 * How an attempt ended.
	 */
	enum Outcome {

		/**
		 * All pieces are taken.
		 */
		RESERVED,

		/**
		 * Another order was faster; nothing is taken.
		 */
		LOST,

		/**
		 * A product's number isn't here yet; nothing is taken.
		 */
		NOT_LOADED

	}

}
