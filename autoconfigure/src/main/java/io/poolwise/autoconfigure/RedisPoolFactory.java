package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.PoolDemand;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolRequest;
import io.poolwise.governor.PoolTooLargeException;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import io.poolwise.pool.lettuce.LettuceSettings;
import io.poolwise.pool.lettuce.ObservedLettucePool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Makes governed connection factories of Lettuce's settings and of ours: explicit
 * {@code pool.*} before explicit settings of Lettuce, those before the profile.
 */
class RedisPoolFactory {

	private static final Logger logger = LoggerFactory.getLogger(RedisPoolFactory.class);

	private static final int UNKNOWN_PROFILE_SIZE = 8;

	private static final Duration UNKNOWN_PROFILE_TIMEOUT = Duration.ofSeconds(5);

	private final PoolKeys keys;

	private final RedisKeys own;

	private final PoolGovernor governor;

	private final Executor executor;

	RedisPoolFactory(PoolKeys keys, PoolGovernor governor, Executor executor) {
		this.keys = keys;
		this.own = new RedisKeys(keys);
		this.governor = governor;
		this.executor = executor;
		this.own.check();
	}

	/**
	 * Puts a governed factory in the place of another one, and has the governor size it.
	 * @param name the pool's name
	 * @param original the other factory
	 * @return the governed factory, not started
	 */
	GovernedLettuceConnectionFactory create(String name, LettuceConnectionFactory original) {
		LettuceNativeSettings natives = new LettuceNativeSettings(original.getClientConfiguration(), this.keys);
		PoolRequest request = request(name, natives);
		PoolDemand careful = request.blindDemand();
		GovernedLettuceConnectionFactory factory = new GovernedLettuceConnectionFactory(name, original,
				settings(PoolSize.of(careful.minSize(), careful.maxSize()), natives), this.executor);
		PoolRequest told = withReasons(request, factory.managedPool().limitations());
		boolean admitted = false;
		try {
			this.governor.admit(new GovernedPool(factory.managedPool(), factory.managedPool(), told));
			admitted = true;
			return factory;
		}
		finally {
			if (!admitted) {
				factory.destroy();
			}
		}
	}

	/**
	 * Looks at a stock factory, and has the governor decide for it what it is not told.
	 * @param name the pool's name
	 * @param factory the factory, started, not changed
	 */
	void observe(String name, LettuceConnectionFactory factory) {
		LettuceNativeSettings natives = new LettuceNativeSettings(factory.getClientConfiguration(), this.keys);
		int max = value(natives.maxTotal(), UNKNOWN_PROFILE_SIZE);
		ObservedLettucePool observed = new ObservedLettucePool(name, factory,
				PoolSize.of(Math.min(value(natives.minIdle(), 0), max), max));
		try {
			this.governor.admit(new GovernedPool(observed, observed, request(name, natives).dryRun()));
		}
		catch (BudgetTooSmallException | PoolTooLargeException ex) {
			logger.warn("{}: dry run: without it, this would stop the start: {}", name, ex.getMessage());
		}
	}

	private LettuceSettings settings(PoolSize size, LettuceNativeSettings natives) {
		LettuceSettings defaults = LettuceSettings.of(size,
				value(pick(this.own.acquireTimeout(), natives.maxWait()), UNKNOWN_PROFILE_TIMEOUT),
				value(pick(this.own.commandTimeout(), natives.commandTimeout()), UNKNOWN_PROFILE_TIMEOUT));
		return new LettuceSettings(size, defaults.acquireTimeout(), this.own.maxPending(), defaults.commandTimeout(),
				value(natives.maxIdle(), defaults.maxIdle()),
				value(natives.timeBetweenEvictionRuns(), defaults.maintenancePeriod()));
	}

	/**
	 * What is asked for a pool of which nothing but the name is known yet.
	 */
	static PoolDemand expected(PoolKeys keys, String name) {
		RedisKeys own = new RedisKeys(keys);
		int max = value(own.maxSize(), UNKNOWN_PROFILE_SIZE);
		return new PoolDemand(name, Math.min(value(own.minSize(), 0), max), max, 0);
	}

	private PoolRequest request(String name, LettuceNativeSettings natives) {
		Setting<Integer> max = pick(this.own.maxSize(), natives.maxTotal())
			.orElseGet(() -> new Setting<>(UNKNOWN_PROFILE_SIZE, RedisKeys.key("max-size"), false));
		Setting<Integer> min = pick(this.own.minSize(), natives.minIdle())
			.orElseGet(() -> new Setting<>(0, RedisKeys.key("min-size"), false));
		if (min.explicit() && min.key().startsWith("pool.") && min.value() > max.value()) {
			throw new InvalidConfigurationPropertyValueException(min.key(), min.value(), "It is above the maximum of "
					+ max.value() + " (" + max.key() + "). Lower it, or raise " + max.key() + ".");
		}
		PoolDemand demand = new PoolDemand(name, Math.min(min.value(), max.value()), max.value(), 0);
		return new PoolRequest(demand, max.explicit(), max.key(), this.own.budget(), reasons(min, max));
	}

	private List<String> reasons(Setting<Integer> min, Setting<Integer> max) {
		String profile = this.own.profile();
		if (!min.explicit() && !max.explicit()) {
			return List.of("profile " + profile + ": " + min.value() + " to " + max.value());
		}
		return List.of(min, max)
			.stream()
			.map((setting) -> setting.key() + " " + setting.value()
					+ (setting.explicit() ? "" : " from profile " + profile))
			.toList();
	}

	private static PoolRequest withReasons(PoolRequest request, List<String> more) {
		List<String> reasons = new ArrayList<>(request.reasons());
		reasons.addAll(more);
		return new PoolRequest(request.demand(), request.maxExplicit(), request.maxKey(), request.budget(), reasons);
	}

	/**
	 * An explicit key of ours, else an explicit one of the library's, else the profile's.
	 */
	static <T> Optional<Setting<T>> pick(Optional<Setting<T>> ours, Optional<Setting<T>> natives) {
		return ours.filter(Setting::explicit).or(() -> natives).or(() -> ours);
	}

	private static <T> T value(Optional<Setting<T>> setting, T otherwise) {
		return setting.map(Setting::value).orElse(otherwise);
	}

}
