package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.governor.BudgetPolicy;
import io.poolwise.pool.rabbit.RabbitManagement;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.json.JsonParserFactory;

/**
 * The keys of pools of RabbitMQ channels, and Boot's own for its connection factory. Each
 * value is checked when it is read.
 */
final class RabbitKeys {

	/**
	 * The bean of Boot's own connection factory, which {@code spring.rabbitmq} speaks of.
	 */
	private static final String BOOTS_FACTORY = "rabbitConnectionFactory";

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
		maxPending();
		budget();
		management();
	}

	/**
	 * How many channels a factory may have: an explicit key of ours, else what Boot or
	 * the application told the factory, else the profile's.
	 */
	Setting<Integer> maxSize(String bean, CachingConnectionFactory factory) {
		return ownMaxSize().filter(Setting::explicit)
			.or(() -> cacheSize(bean, factory))
			.or(this::ownMaxSize)
			.orElseGet(() -> new Setting<>(UNKNOWN_PROFILE_SIZE, MAX_SIZE, false));
	}

	/**
	 * How long a caller waits for a channel, by the same precedence.
	 */
	Duration acquireTimeout(String bean) {
		return ownAcquireTimeout().filter(Setting::explicit)
			.or(() -> checkoutTimeout(bean))
			.or(this::ownAcquireTimeout)
			.map(Setting::value)
			.orElse(UNKNOWN_PROFILE_TIMEOUT);
	}

	int maxPending() {
		return this.keys.find(PREFIX + "max-pending", Integer.class)
			.map(BudgetKeys::atLeastNone)
			.map(Setting::value)
			.orElse(0);
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

	private Optional<Setting<Integer>> cacheSize(String bean, CachingConnectionFactory factory) {
		int size = factory.getChannelCacheSize();
		boolean bound = bean.equals(BOOTS_FACTORY) && this.keys.explicit(CACHE + "size", Integer.class).isPresent();
		if (!bound && size == SPRINGS_CACHE_SIZE) {
			return Optional.empty();
		}
		return Optional.of(new Setting<>(size, bound ? CACHE + "size" : "channelCacheSize of its bean", true));
	}

	/**
	 * Spring takes 0 for no limit at all, which is not to be had here.
	 */
	private Optional<Setting<Duration>> checkoutTimeout(String bean) {
		return bean.equals(BOOTS_FACTORY) ? this.keys.explicit(CACHE + "checkout-timeout", Duration.class)
			.filter((setting) -> setting.value().toMillis() >= 1) : Optional.empty();
	}

	private static <T> Setting<T> check(Setting<T> setting, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(setting.key(), setting.value(), reason);
		}
		return setting;
	}

}
