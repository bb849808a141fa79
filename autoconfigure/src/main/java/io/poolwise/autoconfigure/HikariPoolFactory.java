package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.PoolDemand;
import io.poolwise.fleet.LeasedServers;
import io.poolwise.fleet.PoolPermits;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolRequest;
import io.poolwise.governor.PoolTooLargeException;
import io.poolwise.governor.PoolerLimitUnknownException;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.hikari.DriverTimeZone;
import io.poolwise.pool.hikari.DriverTimeouts;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.ObservedHikariPool;
import io.poolwise.pool.hikari.PressureSettings;
import io.poolwise.pool.hikari.SessionDefaults;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Makes governed pools of HikariCP's settings and of ours: explicit {@code pool.*} before
 * explicit settings of HikariCP, those before the profile.
 */
class HikariPoolFactory {

	private static final Logger logger = LoggerFactory.getLogger(HikariPoolFactory.class);

	private static final int UNKNOWN_PROFILE_SIZE = 10;

	private static final Duration LEAST_LIFETIME = Duration.ofSeconds(30);

	private final PoolKeys keys;

	private final PoolGovernor governor;

	private final @Nullable LeasedServers leases;

	private final Executor executor;

	private final TimeZoneWarning timeZones = new TimeZoneWarning();

	HikariPoolFactory(PoolKeys keys, PoolGovernor governor, @Nullable LeasedServers leases, Executor executor) {
		this.keys = keys;
		this.governor = governor;
		this.leases = leases;
		this.executor = executor;
		new DatabaseKeys(keys, null).check();
	}

	/**
	 * Makes a pool, and has the governor size it.
	 * @param name the pool's name
	 * @param settings HikariCP's settings, not changed
	 * @param prefix the keys that these are bound to, if any
	 * @return the pool, not started
	 */
	GovernedHikariDataSource create(String name, HikariConfig settings, @Nullable String prefix) {
		DatabaseKeys own = new DatabaseKeys(this.keys, name);
		NativeSettings natives = new NativeSettings(settings, this.keys, prefix);
		PoolRequest request = request(name, own, natives);
		PoolDemand careful = request.blindDemand();
		HikariConfig applied = applied(own, natives, settings);
		SessionDefaults sessions = sessions(own, natives);
		if (sessions.initSql() == null && DriverTimeZone.useUtc(applied)) {
			this.timeZones.sessionsUseUtc(name);
		}
		PoolPermits leased = (this.leases != null) ? this.leases.permits(name) : null;
		GovernedHikariDataSource pool = new GovernedHikariDataSourceBean(name, applied,
				new PoolSize(careful.minSize(), careful.maxSize(), careful.maxOverflow()), sessions, whenPressed(own),
				own.maxQueries().map(Setting::value).orElse(0), (leased != null) ? leased : ConnectionPermits.UNLIMITED,
				this.executor);
		if (leased != null) {
			leased.connectThrough(() -> pool.bareConnection(DriverTimeouts.COORDINATOR));
			leased.object(pool.severalServers());
		}
		pool.onUtcSessions(() -> this.timeZones.sessionsUseUtc(name));
		this.governor.admit(new GovernedPool(pool.managedPool(), pool.managedPool(), request));
		return pool;
	}

	/**
	 * Looks at a stock pool, and has the governor decide for it what it is not told.
	 * @param name the pool's name
	 * @param pool the pool, not changed
	 * @param prefix the keys that its settings are bound to, if any
	 * @return the view
	 */
	ObservedHikariPool observe(String name, HikariDataSource pool, @Nullable String prefix) {
		PoolRequest request = request(name, new DatabaseKeys(this.keys, name),
				new NativeSettings(pool, this.keys, prefix));
		ObservedHikariPool observed = new ObservedHikariPool(name, pool);
		try {
			this.governor.admit(new GovernedPool(observed, observed, request.dryRun()));
		}
		catch (BudgetTooSmallException | PoolTooLargeException | PoolerLimitUnknownException ex) {
			logger.warn("{}: dry run: without it, this would stop the start: {}", name, ex.getMessage());
		}
		return observed;
	}

	private static HikariConfig applied(DatabaseKeys own, NativeSettings natives, HikariConfig settings) {
		HikariConfig applied = new HikariConfig();
		settings.copyStateTo(applied);
		pick(own.acquireTimeout(), natives.connectionTimeout())
			.ifPresent((setting) -> applied.setConnectionTimeout(setting.value().toMillis()));
		own.maxLifetime().ifPresent((setting) -> applied.setMaxLifetime(setting.value().toMillis()));
		pick(own.maxInactiveLifetime(), natives.idleTimeout())
			.ifPresent((setting) -> applied.setIdleTimeout(idleTimeout(setting, applied.getMaxLifetime())));
		pick(own.leakDetectionThreshold(), natives.leakDetectionThreshold()).ifPresent(
				(setting) -> applied.setLeakDetectionThreshold(leakThreshold(setting, applied.getMaxLifetime())));
		if (own.initSql().map(Setting::value).filter((sql) -> !sql.isBlank()).isPresent()) {
			applied.setConnectionInitSql(null);
		}
		return applied;
	}

	/**
	 * HikariCP warns of an idle timeout that isn't below the lifetime, and has none then.
	 * What a profile says yields to a lifetime that somebody set.
	 */
	private static long idleTimeout(Setting<Duration> setting, long maxLifetime) {
		long millis = setting.value().toMillis();
		boolean yields = !setting.explicit() && maxLifetime >= LEAST_LIFETIME.toMillis();
		return yields ? Math.min(millis, maxLifetime - 1000) : millis;
	}

	/**
	 * HikariCP looks for no leaks if the threshold is above the lifetime.
	 */
	private static long leakThreshold(Setting<Duration> setting, long maxLifetime) {
		long millis = setting.value().toMillis();
		if (maxLifetime <= 0 || millis <= maxLifetime) {
			return millis;
		}
		if (setting.explicit() && setting.key().startsWith("pool.")) {
			throw new InvalidConfigurationPropertyValueException(setting.key(), setting.value(),
					"It is above the longest life of a connection, " + maxLifetime
							+ "ms, so that HikariCP would quietly look for no leaks. Lower it.");
		}
		return setting.explicit() ? millis : maxLifetime;
	}

	private static PressureSettings whenPressed(DatabaseKeys own) {
		return new PressureSettings(own.maxPending().map(Setting::value).orElse(0), own.postMortem());
	}

	private static SessionDefaults sessions(DatabaseKeys own, NativeSettings natives) {
		Optional<Setting<Duration>> timeout = own.commandTimeout();
		String initSql = own.initSql().map(Setting::value).orElse(natives.hasInitSql() ? "" : null);
		return new SessionDefaults(timeout.map(Setting::value).orElse(null),
				timeout.map(Setting::explicit).orElse(false), initSql);
	}

	/**
	 * What is asked for a pool of which nothing but the name is known yet.
	 */
	static PoolDemand expected(PoolKeys keys, String name) {
		DatabaseKeys own = new DatabaseKeys(keys, name);
		int max = own.maxSize().map(Setting::value).orElse(UNKNOWN_PROFILE_SIZE);
		return new PoolDemand(name, Math.min(own.minSize().map(Setting::value).orElse(0), max), max, overflow(own));
	}

	private static PoolRequest request(String name, DatabaseKeys own, NativeSettings natives) {
		Setting<Integer> max = pick(own.maxSize(), natives.maximumPoolSize())
			.orElseGet(() -> new Setting<>(UNKNOWN_PROFILE_SIZE, DatabaseKeys.key("max-size"), false));
		Setting<Integer> min = pick(own.minSize(), natives.minimumIdle())
			.orElseGet(() -> new Setting<>(max.value(), DatabaseKeys.key("min-size"), false));
		if (min.explicit() && min.key().startsWith("pool.") && min.value() > max.value()) {
			throw new InvalidConfigurationPropertyValueException(min.key(), min.value(),
					"It is above the maximum of " + max.value() + " (" + max.key()
							+ (max.explicit() ? "" : " from profile " + own.profile()) + "). Lower it, or raise "
							+ max.key() + ".");
		}
		PoolDemand demand = new PoolDemand(name, Math.min(min.value(), max.value()), max.value(), overflow(own));
		return new PoolRequest(demand, max.explicit(), max.key(), own.budget(), reasons(own, min, max));
	}

	private static int overflow(DatabaseKeys own) {
		return own.maxOverflow().map(Setting::value).orElse(0);
	}

	private static List<String> reasons(DatabaseKeys own, Setting<Integer> min, Setting<Integer> max) {
		List<String> reasons = new ArrayList<>();
		if (!min.explicit() && !max.explicit()) {
			reasons.add("profile " + own.profile() + ": " + min.value() + " to " + max.value());
		}
		else {
			reasons.add(reason(own, min));
			reasons.add(reason(own, max));
		}
		own.maxOverflow()
			.filter((setting) -> setting.value() > 0)
			.ifPresent((setting) -> reasons.add(reason(own, setting)));
		return reasons;
	}

	private static String reason(DatabaseKeys own, Setting<Integer> setting) {
		return setting.key() + " " + setting.value() + (setting.explicit() ? "" : " from profile " + own.profile());
	}

	/**
	 * An explicit key of ours, else an explicit one of the library's, else the profile's.
	 */
	private static <T> Optional<Setting<T>> pick(Optional<Setting<T>> ours, Optional<Setting<T>> natives) {
		return ours.filter(Setting::explicit).or(() -> natives).or(() -> ours);
	}

}
