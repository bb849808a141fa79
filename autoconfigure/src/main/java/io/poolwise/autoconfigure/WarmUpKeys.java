package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.governor.WarmUpSettings;
import io.poolwise.pool.ManagedPool;

/**
 * The keys of filling pools ahead. Each value is checked when it is read.
 */
final class WarmUpKeys {

	private final PoolKeys keys;

	WarmUpKeys(PoolKeys keys) {
		this.keys = keys;
		of(this::findForDatabases);
		of(this::findForRedis);
		of(this::findForRabbit);
	}

	/**
	 * What is said for a pool.
	 */
	WarmUpSettings of(ManagedPool pool) {
		return switch (pool.kind()) {
			case DATABASE -> new DatabaseKeys(this.keys, pool.name()).warmUp();
			case REDIS -> of(this::findForRedis);
			case RABBIT -> of(this::findForRabbit);
		};
	}

	static WarmUpSettings of(BudgetKeys.Finder finder) {
		boolean enabled = finder.find("warm-up.enabled", Boolean.class)
			.map(Setting::value)
			.orElse(WarmUpSettings.OFF.enabled());
		Duration timeout = finder.find("warm-up.timeout", Duration.class)
			.map((setting) -> BudgetKeys.check(setting, setting.value().toMillis() >= 1,
					"The least is 1ms. To open nothing ahead, switch warm-up.enabled off."))
			.map(Setting::value)
			.orElse(WarmUpSettings.OFF.timeout());
		int rate = finder.find("warm-up.rate", Integer.class)
			.map((setting) -> BudgetKeys.check(setting, setting.value() >= 1, "The least is 1 connect a second."))
			.map(Setting::value)
			.orElse(WarmUpSettings.OFF.rate());
		return new WarmUpSettings(enabled, timeout, rate);
	}

	private <T> Optional<Setting<T>> findForDatabases(String name, Class<T> type) {
		return this.keys.find("pool.database." + name, type);
	}

	private <T> Optional<Setting<T>> findForRedis(String name, Class<T> type) {
		return this.keys.find("pool.redis." + name, type);
	}

	private <T> Optional<Setting<T>> findForRabbit(String name, Class<T> type) {
		return this.keys.find("pool.rabbit." + name, type);
	}

}
