package io.poolwise.autoconfigure;

import java.math.BigDecimal;

import io.poolwise.autoconfigure.PoolProperties.Budget.OnExceed;
import io.poolwise.budget.Reserve;
import io.poolwise.governor.BudgetPolicy;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The keys of the budget of one kind of pool. Each value is checked when it is read.
 */
final class BudgetKeys {

	private BudgetKeys() {
	}

	/**
	 * Reads what is said of a budget.
	 * @param keys reads the keys
	 * @param prefix their start, such as {@code pool.redis.budget}
	 * @return the policy
	 */
	static BudgetPolicy read(PoolKeys keys, String prefix) {
		Integer limit = keys.find(prefix + ".limit", Integer.class)
			.map((setting) -> check(setting, setting.value() >= 1,
					"A server grants at least 1 connection. Leave the key out to ask the server."))
			.map(Setting::value)
			.orElse(null);
		BigDecimal share = keys.find(prefix + ".share", BigDecimal.class)
			.map((setting) -> check(setting,
					setting.value().signum() > 0 && setting.value().compareTo(BigDecimal.ONE) <= 0,
					"A share is above 0 and at most 1: 0.5 is half of the budget."))
			.map(Setting::value)
			.orElse(BigDecimal.ONE);
		Reserve reserve = keys.find(prefix + ".reserve", String.class)
			.map(BudgetKeys::reserve)
			.orElse(Reserve.parse("0"));
		boolean fail = keys.find(prefix + ".on-exceed", OnExceed.class)
			.map(Setting::value)
			.filter(OnExceed.FAIL::equals)
			.isPresent();
		return new BudgetPolicy(prefix, limit, reserve, share, fail);
	}

	private static Reserve reserve(Setting<String> setting) {
		try {
			return Reserve.parse(setting.value());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(setting.key(), setting.value(),
					DatabaseKeys.sentence(ex)
							+ " Use a number of connections, or a percentage below 100%, such as 10%.",
					ex);
		}
	}

	/**
	 * Stops the start because of a value that makes no sense.
	 */
	static <T> Setting<T> check(Setting<T> setting, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(setting.key(), setting.value(), reason);
		}
		return setting;
	}

}
