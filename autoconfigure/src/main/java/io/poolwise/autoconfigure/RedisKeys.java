package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.governor.BudgetPolicy;

/**
 * The keys of pools of Redis connections. Each value is checked when it is read.
 */
final class RedisKeys {

	private static final String PREFIX = "pool.redis.";

	private final PoolKeys keys;

	RedisKeys(PoolKeys keys) {
		this.keys = keys;
	}

	String profile() {
		return this.keys.profile();
	}

	/**
	 * Reads, and so checks, every value.
	 */
	void check() {
		minSize();
		maxSize();
		acquireTimeout();
		maxPending();
		commandTimeout();
		budget();
	}

	/**
	 * The key to name where a value is missing.
	 */
	static String key(String name) {
		return PREFIX + name;
	}

	Optional<Setting<Integer>> minSize() {
		return this.keys.find(key("min-size"), Integer.class)
			.map((setting) -> BudgetKeys.check(setting, setting.value() >= 0,
					"A pool can't keep fewer than 0 connections. Use 0 to keep none."));
	}

	Optional<Setting<Integer>> maxSize() {
		return this.keys.find(key("max-size"), Integer.class)
			.map((setting) -> BudgetKeys.check(setting, setting.value() >= 1,
					"A pool needs at least 1 connection. To leave the pool alone, set pool.redis.enabled=false."));
	}

	Optional<Setting<Duration>> acquireTimeout() {
		return aboveZero("acquire-timeout");
	}

	int maxPending() {
		return this.keys.find(key("max-pending"), Integer.class)
			.map(BudgetKeys::atLeastNone)
			.map(Setting::value)
			.orElse(0);
	}

	Optional<Setting<Duration>> commandTimeout() {
		return aboveZero("command-timeout");
	}

	BudgetPolicy budget() {
		return BudgetKeys.read(this.keys::find, PREFIX + "budget.", PREFIX + "budget");
	}

	private Optional<Setting<Duration>> aboveZero(String name) {
		return this.keys.find(key(name), Duration.class)
			.map((setting) -> BudgetKeys.check(setting, !setting.value().isZero() && !setting.value().isNegative(),
					"A timeout is above 0, such as 5s."));
	}

}
