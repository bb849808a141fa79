package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.governor.BudgetPolicy;
import io.poolwise.pool.rabbit.RabbitManagement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.json.JsonParserFactory;

/**
 * The keys of pools of RabbitMQ channels, and Boot's own for its connection factory. Each
 * value is checked when it is read.
 */
final class RabbitKeys {

	private static final Logger logger = LoggerFactory.getLogger(RabbitKeys.class);

	private static final String PREFIX = "pool.rabbit.";

	private static final String MAX_SIZE = PREFIX + "max-size";

	private static final String MANAGEMENT_URL = PREFIX + "management.url";

	private static final String CACHE = "spring.rabbitmq.cache.channel.";

	private static final int UNKNOWN_PROFILE_SIZE = 10;

	private static final Duration UNKNOWN_PROFILE_TIMEOUT = Duration.ofSeconds(5);

	private static final int SPRINGS_CACHE_SIZE = new CachingConnectionFactory("localhost").getChannelCacheSize();

	private final PoolKeys keys;

	RabbitKeys(PoolKeys keys) {
		this.keys = keys;
	}

	String profile() {
		return this.keys.profile();
	}

	/**
	 * Reads, and so checks, every value that is ours.
	 */
	void check() {
		ownMaxSize();
		ownAcquireTimeout();
		if (this.keys.explicit(PREFIX + "max-pending", String.class).isPresent()) {
			logger.warn("pool.rabbit.max-pending does nothing: Spring AMQP bounds no callers that wait for a channel;"
					+ " a lower pool.rabbit.acquire-timeout ends their waiting sooner");
		}
		budget();
		management();
	}

	/**
	 * How many channels a factory may have beside those of listener containers: an
	 * explicit key of ours, else what Boot or the application told the factory, else the
	 * profile's.
	 */
	Setting<Integer> maxSize(CachingConnectionFactory factory, boolean boots) {
		return ownMaxSize().filter(Setting::explicit)
			.or(() -> cacheSize(factory, boots))
			.or(this::ownMaxSize)
			.orElseGet(() -> new Setting<>(UNKNOWN_PROFILE_SIZE, MAX_SIZE, false));
	}

	/**
	 * How long a caller waits for a channel, by the same precedence. Spring AMQP tells
	 * nobody what the application's code may have set, so that the profile's is for
	 * Boot's own factory only.
	 * @return the time, 0 if it is not ours to set and the size is, {@code null} if
	 * neither is
	 */
	@Nullable Duration acquireTimeout(boolean boots) {
		Optional<Duration> time = ownAcquireTimeout().filter(Setting::explicit).map(Setting::value);
		if (boots) {
			time = time.or(this::checkoutTimeout)
				.or(() -> ownAcquireTimeout().map(Setting::value))
				.or(() -> Optional.of(UNKNOWN_PROFILE_TIMEOUT));
		}
		return time.filter(RabbitKeys::isWait)
			.orElse(ownMaxSize().filter(Setting::explicit).isPresent() ? Duration.ZERO : null);
	}

	/**
	 * Whether somebody asked for a limit, rather than for a cache of some size or for
	 * nothing.
	 */
	boolean isLimitExplicit(boolean boots) {
		return ownMaxSize().filter(Setting::explicit).isPresent()
				|| (boots && checkoutTimeout().filter(RabbitKeys::isWait).isPresent());
	}

	BudgetPolicy budget() {
		return BudgetKeys.read(this.keys::find, PREFIX + "budget.", PREFIX + "budget");
	}

	/**
	 * Where the management API is.
	 * @return its address, or null if nobody said
	 */
	@Nullable RabbitManagement management() {
		String password = this.keys.secret(PREFIX + "management.password").orElse(null);
		String url = this.keys.secret(MANAGEMENT_URL).filter((text) -> !text.isBlank()).orElse(null);
		if (url == null) {
			return null;
		}
		String username = this.keys.find(PREFIX + "management.username", String.class).map(Setting::value).orElse(null);
		try {
			return RabbitManagement.of(url, username, password, JsonParserFactory.getJsonParser()::parseList);
		}
		catch (IllegalArgumentException ex) {
			throw new SecretSettingException(MANAGEMENT_URL,
					"It is " + ex.getMessage() + ". Use one such as http://broker:15672.");
		}
	}

	private Optional<Setting<Integer>> ownMaxSize() {
		return this.keys.find(MAX_SIZE, Integer.class)
			.map((setting) -> check(setting, setting.value() >= 1,
					"A pool needs at least 1 channel. To leave the pools alone, set pool.rabbit.enabled=false."));
	}

	private Optional<Setting<Duration>> ownAcquireTimeout() {
		return this.keys.find(PREFIX + "acquire-timeout", Duration.class)
			.map((setting) -> check(setting, setting.value().toMillis() >= 1, "The least is 1ms."));
	}

	private Optional<Setting<Integer>> cacheSize(CachingConnectionFactory factory, boolean boots) {
		int size = factory.getChannelCacheSize();
		boolean bound = boots && this.keys.explicit(CACHE + "size", Integer.class).isPresent();
		if (!bound && size == SPRINGS_CACHE_SIZE) {
			return Optional.empty();
		}
		return Optional.of(new Setting<>(size, bound ? CACHE + "size" : "channelCacheSize of its bean", true));
	}

	private Optional<Duration> checkoutTimeout() {
		return this.keys.explicit(CACHE + "checkout-timeout", Duration.class).map(Setting::value);
	}

	/**
	 * Whether it is a time to wait: Spring AMQP takes 0 for no limit.
	 */
	private static boolean isWait(Duration time) {
		return time.toMillis() >= 1;
	}

	private static <T> Setting<T> check(Setting<T> setting, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(setting.key(), setting.value(), reason);
		}
		return setting;
	}

}
