package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

import io.lettuce.core.RedisURI;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * The settings that a connection factory was made with, as far as somebody set them: by
 * Spring Boot's keys, or in code, which shows in a value that isn't the default.
 */
final class LettuceNativeSettings {

	private static final String POOL = "spring.data.redis.lettuce.pool.";

	private final LettuceClientConfiguration client;

	private final @Nullable GenericObjectPoolConfig<?> pool;

	private final GenericObjectPoolConfig<?> untouched = new GenericObjectPoolConfig<>();

	private final PoolKeys keys;

	LettuceNativeSettings(LettuceClientConfiguration client, PoolKeys keys) {
		this.client = client;
		this.pool = (client instanceof LettucePoolingClientConfiguration pooling) ? pooling.getPoolConfig() : null;
		this.keys = keys;
	}

	/**
	 * The maximum; one of "no limit" is none.
	 */
	Optional<Setting<Integer>> maxTotal() {
		return find("max-active", GenericObjectPoolConfig::getMaxTotal).filter((setting) -> setting.value() >= 1);
	}

	Optional<Setting<Integer>> minIdle() {
		return find("min-idle", GenericObjectPoolConfig::getMinIdle).filter((setting) -> setting.value() >= 0);
	}

	Optional<Setting<Integer>> maxIdle() {
		return find("max-idle", GenericObjectPoolConfig::getMaxIdle).filter((setting) -> setting.value() >= 0);
	}

	/**
	 * How long to wait; for ever is never.
	 */
	Optional<Setting<Duration>> maxWait() {
		return find("max-wait", GenericObjectPoolConfig::getMaxWaitDuration)
			.filter((setting) -> !setting.value().isNegative() && !setting.value().isZero());
	}

	Optional<Setting<Duration>> timeBetweenEvictionRuns() {
		return find("time-between-eviction-runs", GenericObjectPoolConfig::getDurationBetweenEvictionRuns)
			.filter((setting) -> !setting.value().isNegative() && !setting.value().isZero());
	}

	/**
	 * How long a command may take, 0 for ever.
	 */
	Optional<Setting<Duration>> commandTimeout() {
		Duration timeout = this.client.getCommandTimeout();
		String key = "spring.data.redis.timeout";
		boolean bound = this.keys.explicit(key, Duration.class).isPresent();
		boolean set = bound || !timeout.equals(RedisURI.DEFAULT_TIMEOUT_DURATION);
		return set ? Optional.of(new Setting<>(timeout, bound ? key : "the command timeout in code", true))
				: Optional.empty();
	}

	private <T> Optional<Setting<T>> find(String name, Function<GenericObjectPoolConfig<?>, T> getter) {
		GenericObjectPoolConfig<?> pool = this.pool;
		if (pool == null) {
			return Optional.empty();
		}
		T value = getter.apply(pool);
		boolean bound = this.keys.explicit(POOL + name, String.class).isPresent();
		return (bound || !value.equals(getter.apply(this.untouched)))
				? Optional.of(new Setting<>(value, POOL + name, true)) : Optional.empty();
	}

}
