package io.poolwise.autoconfigure;

import java.math.BigDecimal;
import java.util.Optional;

import io.poolwise.autoconfigure.PoolProperties.Budget.OnExceed;
import io.poolwise.budget.Reserve;
import io.poolwise.governor.BudgetPolicy;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The keys of the budget of one kind of pool. Each value is checked when it is read.
 */
final class BudgetKeys {

	private static final int MOST_DECIMALS = 18;

	private BudgetKeys() {
	}

	/**
	 * Reads what is said of a budget.
	 * @param finder finds the values
	 * @param start what the names begin with for the finder, such as {@code budget.}
	 * @param prefix the start of the full keys, such as {@code pool.redis.budget}, to
	 * name where no value is set
	 * @return the policy
	 */
	static BudgetPolicy read(Finder finder, String start, String prefix) {
		Optional<Setting<Integer>> limit = finder.find(start + "limit", Integer.class)
			.map((setting) -> check(setting, setting.value() >= 1,
					"A server grants at least 1 connection. Leave the key out to ask the server."));
		BigDecimal share = finder.find(start + "share", BigDecimal.class)
			.map((setting) -> check(setting, isShare(setting.value()),
					"A share is above 0 and at most 1, with at most 18 decimals: 0.5 is half of the budget."))
			.map(Setting::value)
			.orElse(BigDecimal.ONE);
		Reserve reserve = finder.find(start + "reserve", String.class)
			.map(BudgetKeys::reserve)
			.orElse(Reserve.parse("0"));
		boolean fail = finder.find(start + "on-exceed", OnExceed.class)
			.map(Setting::value)
			.filter(OnExceed.FAIL::equals)
			.isPresent();
		String own = limit.map(Setting::key).map((key) -> key.substring(0, key.lastIndexOf('.'))).orElse(prefix);
		return new BudgetPolicy(own, limit.map(Setting::value).orElse(null), reserve, share, fail);
	}

	private static boolean isShare(BigDecimal value) {
		return value.signum() > 0 && value.compareTo(BigDecimal.ONE) <= 0 && value.scale() <= MOST_DECIMALS;
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
	 * Checks how many callers may wait.
	 */
	static Setting<Integer> notNegative(Setting<Integer> setting, String reason) {
		return check(setting, setting.value() >= 0, reason);
	}

	static Setting<Integer> atLeastNone(Setting<Integer> maxPending) {
		return check(maxPending, maxPending.value() >= 0,
				"Fewer than 0 callers can't wait. Use 0 to let any number wait.");
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

	/**
	 * Finds what somebody set, or a profile says.
	 */
	interface Finder {

		<T> Optional<Setting<T>> find(String name, Class<T> type);

	}

}
