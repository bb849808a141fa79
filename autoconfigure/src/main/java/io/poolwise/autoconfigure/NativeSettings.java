package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

import com.zaxxer.hikari.HikariConfig;
import org.jspecify.annotations.Nullable;

/**
 * HikariCP's own settings of one pool, as far as somebody set them: by a key that its
 * bean is bound to, or in code, which shows in a value that isn't HikariCP's default.
 */
final class NativeSettings {

	private final HikariConfig settings;

	private final HikariConfig untouched = new HikariConfig();

	private final PoolKeys keys;

	private final @Nullable String prefix;

	/**
	 * Creates a view.
	 * @param settings the bound settings
	 * @param keys tells what somebody set
	 * @param prefix the keys that the bean is bound to, such as
	 * {@code spring.datasource.hikari}; {@code null} if it isn't bound
	 */
	NativeSettings(HikariConfig settings, PoolKeys keys, @Nullable String prefix) {
		this.settings = settings;
		this.keys = keys;
		this.prefix = prefix;
	}

	Optional<Setting<Integer>> maximumPoolSize() {
		return number("maximum-pool-size", HikariConfig::getMaximumPoolSize);
	}

	Optional<Setting<Integer>> minimumIdle() {
		return number("minimum-idle", HikariConfig::getMinimumIdle).filter((setting) -> setting.value() >= 0);
	}

	Optional<Setting<Duration>> connectionTimeout() {
		return duration("connection-timeout", HikariConfig::getConnectionTimeout);
	}

	Optional<Setting<Duration>> idleTimeout() {
		return duration("idle-timeout", HikariConfig::getIdleTimeout);
	}

	Optional<Setting<Duration>> leakDetectionThreshold() {
		return duration("leak-detection-threshold", HikariConfig::getLeakDetectionThreshold);
	}

	boolean hasInitSql() {
		return this.settings.getConnectionInitSql() != null;
	}

	private Optional<Setting<Integer>> number(String name, ToIntFunction<HikariConfig> getter) {
		int value = getter.applyAsInt(this.settings);
		return setting(name, value, value != getter.applyAsInt(this.untouched));
	}

	private Optional<Setting<Duration>> duration(String name, ToLongFunction<HikariConfig> getter) {
		long value = getter.applyAsLong(this.settings);
		return setting(name, Duration.ofMillis(value), value != getter.applyAsLong(this.untouched));
	}

	private <T> Optional<Setting<T>> setting(String name, T value, boolean changed) {
		boolean bound = this.prefix != null && this.keys.explicit(key(name), String.class).isPresent();
		return (changed || bound) ? Optional.of(new Setting<>(value, key(name), true)) : Optional.empty();
	}

	private String key(String name) {
		if (this.prefix == null) {
			return name + " of its bean";
		}
		return this.prefix.isEmpty() ? name : this.prefix + "." + name;
	}

}
