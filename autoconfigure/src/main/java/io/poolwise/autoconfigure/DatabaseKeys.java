package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.poolwise.governor.BudgetPolicy;
import io.poolwise.governor.WarmUpSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The keys of one database pool: those of the pool itself before those of all. Each value
 * is checked when it is read.
 */
final class DatabaseKeys {

	private static final String ALL = "pool.database.";

	private static final Duration HIKARI_LEAST_TIMEOUT = Duration.ofMillis(250);

	private static final Duration HIKARI_LEAST_IDLE = Duration.ofSeconds(10);

	private static final Duration HIKARI_LEAST_LIFETIME = Duration.ofSeconds(30);

	private static final Duration HIKARI_LEAST_LEAK_THRESHOLD = Duration.ofSeconds(2);

	private static final String HIKARI_QUIETLY = " HikariCP would quietly use another value below that.";

	// PostgreSQL counts milliseconds in 32 bits
	private static final Duration SERVERS_MOST_TIMEOUT = Duration.ofDays(24);

	private final PoolKeys keys;

	private final List<String> own;

	/**
	 * Creates the keys of one pool.
	 * @param keys reads them
	 * @param pool the pool's name, {@code null} for those of all
	 */
	DatabaseKeys(PoolKeys keys, @Nullable String pool) {
		this.keys = keys;
		this.own = (pool != null) ? own(pool) : List.of();
	}

	/**
	 * The starts of the keys of one pool. The name of a bean is written as any other part
	 * of a key, or in brackets, which it must be if it has characters that keys have not.
	 * The pool of the read replica has a place of its own, too.
	 */
	private static List<String> own(String pool) {
		Stream<String> own = pool.equals(ReadReplica.POOL) ? Stream.of(ReadReplica.KEYS) : Stream.empty();
		return Stream
			.concat(own,
					Stream.of(ALL + "pools." + DataObjectPropertyName.toDashedForm(pool), ALL + "pools[" + pool + "]"))
			.filter(ConfigurationPropertyName::isValid)
			.map((prefix) -> prefix + ".")
			.toList();
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
		maxOverflow();
		maxQueries();
		warmUp();
		acquireTimeout();
		maxPending();
		leakDetectionThreshold();
		postMortem();
		commandTimeout();
		maxInactiveLifetime();
		maxLifetime();
		initSql();
		budget();
	}

	/**
	 * The key to name where a value is missing.
	 */
	static String key(String name) {
		return ALL + name;
	}

	Optional<Setting<Integer>> minSize() {
		return find("min-size", Integer.class).map((setting) -> BudgetKeys.check(setting, setting.value() >= 0,
				"A pool can't keep fewer than 0 connections. Use 0 to keep none."));
	}

	Optional<Setting<Integer>> maxSize() {
		return find("max-size", Integer.class).map((setting) -> BudgetKeys.check(setting, setting.value() >= 1,
				"A pool needs at least 1 connection. To leave the pool alone, set pool.database.enabled=false."));
	}

	Optional<Setting<Integer>> maxOverflow() {
		return find("max-overflow", Integer.class).map((setting) -> BudgetKeys.notNegative(setting,
				"A pool can't have fewer than 0 connections above its maximum. Use 0 to have none."));
	}

	Optional<Setting<Integer>> maxQueries() {
		return find("max-queries", Integer.class).map((setting) -> BudgetKeys.notNegative(setting,
				"A connection can't run fewer than 0 statements. Use 0 to recycle none."));
	}

	Optional<Setting<Duration>> acquireTimeout() {
		return find("acquire-timeout", Duration.class)
			.map((setting) -> atMost(atLeast(setting, HIKARI_LEAST_TIMEOUT, HIKARI_QUIETLY)));
	}

	Optional<Setting<Integer>> maxPending() {
		return find("max-pending", Integer.class).map(BudgetKeys::atLeastNone);
	}

	Optional<Setting<Duration>> leakDetectionThreshold() {
		return find("leak-detection-threshold", Duration.class)
			.map((setting) -> setting.value().isZero() ? setting : atLeast(setting, HIKARI_LEAST_LEAK_THRESHOLD,
					" HikariCP would quietly look for no leaks below that. Use 0 to look for none."));
	}

	boolean postMortem() {
		return find("post-mortem", Boolean.class).map(Setting::value).orElse(true);
	}

	Optional<Setting<Duration>> commandTimeout() {
		return find("command-timeout", Duration.class).map((setting) -> atMost(atLeast(setting, Duration.ofMillis(1),
				" If statements may take any time, use a long one, such as 1d.")));
	}

	Optional<Setting<Duration>> maxInactiveLifetime() {
		return find("max-inactive-lifetime", Duration.class)
			.map((setting) -> atLeast(setting, HIKARI_LEAST_IDLE, HIKARI_QUIETLY));
	}

	Optional<Setting<Duration>> maxLifetime() {
		return find("max-lifetime", Duration.class)
			.map((setting) -> atLeast(setting, HIKARI_LEAST_LIFETIME, HIKARI_QUIETLY));
	}

	/**
	 * Whether and how the pool is filled ahead.
	 */
	WarmUpSettings warmUp() {
		return WarmUpKeys.of(this::find);
	}

	Optional<Setting<String>> initSql() {
		return find("init-sql", String.class);
	}

	/**
	 * What is said of the budget on the pool's server.
	 */
	BudgetPolicy budget() {
		return BudgetKeys.read(this::find, "budget.", key("budget"));
	}

	static String sentence(Exception ex) {
		String message = String.valueOf(ex.getMessage());
		return message.endsWith(".") ? message : message + ".";
	}

	private static Setting<Duration> atLeast(Setting<Duration> setting, Duration least, String hint) {
		return BudgetKeys.check(setting, setting.value().compareTo(least) >= 0,
				"The least is " + least.toMillis() + "ms." + hint);
	}

	private static Setting<Duration> atMost(Setting<Duration> setting) {
		return BudgetKeys.check(setting, setting.value().compareTo(SERVERS_MOST_TIMEOUT) <= 0, "The most is 24d.");
	}

	/**
	 * What somebody set for the pool, then for all, then what the profile says.
	 */
	private <T> Optional<Setting<T>> find(String name, Class<T> type) {
		return this.own.stream()
			.flatMap((prefix) -> this.keys.explicit(prefix + name, type).stream())
			.findFirst()
			.or(() -> this.keys.find(ALL + name, type));
	}

}
