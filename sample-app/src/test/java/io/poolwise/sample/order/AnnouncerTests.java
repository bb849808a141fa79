package io.poolwise.sample.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Announcer}.
 */
class AnnouncerTests {

	private static final Order ORDER = new Order(7, "Kim", OrderStatus.PLACED, BigDecimal.TEN, Instant.EPOCH,
			List.of(new Order.Line("cocoa", 1, BigDecimal.TEN)));

	private final List<String> done = new ArrayList<>();

	@Test
	void cacheKnowsBeforeTheListeners() {
		Announcer announcer = new Announcer(cache(() -> this.done.add("cache")), (order) -> this.done.add("event"));
		assertThat(announcer.announce(ORDER)).isTrue();
		assertThat(this.done).containsExactly("cache", "event");
	}

	@Test
	void unpublishedEventIsToldAndNotThrown() {
		Announcer announcer = new Announcer(OrderCache.none(), (order) -> {
			throw new EventNotPublishedException("no", null);
		});
		assertThat(announcer.announce(ORDER)).isFalse();
	}

	@Test
	void nothingIsPublishedThatTheCacheDoesntHave() {
		Announcer announcer = new Announcer(cache(() -> {
			throw new DataAccessResourceFailureException("no");
		}), (order) -> this.done.add("event"));
		assertThat(announcer.announce(ORDER)).isFalse();
		assertThat(this.done).isEmpty();
	}

	private static OrderCache cache(Runnable put) {
		return new OrderCache() {

			@Override
			public Optional<Order> find(long id) {
				return Optional.empty();
			}

			@Override
			public void put(Order order) {
				put.run();
			}

		};
	}

}
