package io.poolwise.sample.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A way to size the pools.
 *
 * @param name its name in the results
 * @param way what stands between the instances and the database
 * @param properties what the instances are told, for a plan
 */
record Contender(String name, Way way, Function<Plan, List<String>> properties) {

	/** What stands between the instances and the database. */
	enum Way {

		/** Nothing. */
		DIRECT,

		/** PgBouncer, in transaction mode. */
		PGBOUNCER,

		/** FlexyPool, in the instances. */
		FLEXY_POOL

	}

	private static final List<String> OFF = List.of("pool.enabled=false");

	/** Redis and RabbitMQ as Poolwise's prod has them, so that the database decides. */
	private static final List<String> ROOMY = List.of("pool.enabled=false",
			"spring.data.redis.lettuce.pool.max-active=100", "spring.rabbitmq.cache.channel.size=50");

	private static final List<String> FIVE_AND_TEN = List.of("pool.database.min-size=5", "pool.database.max-size=5",
			"pool.database.max-overflow=10", "pool.database.acquire-timeout=30s");

	static Contender of(String name) {
		if (name.startsWith("static-")) {
			return fixed(name, Integer.parseInt(name.substring("static-".length())));
		}
		return switch (name) {
			case "stock" -> direct(name, (plan) -> with(OFF, "spring.rabbitmq.cache.channel.size=10"));
			case "stock-20" -> direct(name, (plan) -> with(OFF, "spring.rabbitmq.cache.channel.size=10",
					"spring.data.redis.lettuce.pool.max-active=20"));
			case "oversized" -> direct(name, (plan) -> with(OFF, hikari(50),
					"spring.data.redis.lettuce.pool.max-active=50", "spring.rabbitmq.cache.channel.size=50"));
			case "poolwise-fixed" -> direct(name, Contender::poolwiseFixed);
			case "poolwise-leases" -> direct(name, (plan) -> List.of("pool.profile=prod", "pool.leases.mode=on"));
			case "flexy-pool" -> new Contender(name, Way.FLEXY_POOL,
					(plan) -> with(ROOMY, hikari(Math.min(10, plan.share())), "flexy.max-size=" + plan.share()));
			case "pgbouncer" -> new Contender(name, Way.PGBOUNCER, (plan) -> with(ROOMY, hikari(50)));
			case "five-and-ten" -> direct(name, (plan) -> with(ROOMY, hikari(15),
					"spring.datasource.hikari.minimum-idle=5", "spring.datasource.hikari.connection-timeout=30000"));
			case "poolwise-five-and-ten" ->
				direct(name, (plan) -> with(poolwiseFixed(plan), FIVE_AND_TEN.toArray(String[]::new)));
			case "poolwise-max-pending" ->
				direct(name, (plan) -> with(with(poolwiseFixed(plan), FIVE_AND_TEN.toArray(String[]::new)),
						"pool.database.max-pending=50"));
			case "poolwise-dev" -> direct(name, (plan) -> List.of("pool.profile=dev"));
			default -> throw new IllegalArgumentException("there is no contender '" + name + "'");
		};
	}

	static Contender fixed(String name, int size) {
		return direct(name, (plan) -> with(ROOMY, hikari(size)));
	}

	private static Contender direct(String name, Function<Plan, List<String>> properties) {
		return new Contender(name, Way.DIRECT, properties);
	}

	private static List<String> poolwiseFixed(Plan plan) {
		return List.of("pool.profile=prod", "pool.replicas=" + plan.replicas(), "pool.max-surge=" + plan.surge());
	}

	private static String hikari(int size) {
		return "spring.datasource.hikari.maximum-pool-size=" + size;
	}

	private static List<String> with(List<String> properties, String... more) {
		List<String> all = new ArrayList<>(properties);
		all.addAll(List.of(more));
		return all;
	}

	/** Whether a session needs a slot. */
	boolean leases() {
		return this.name.endsWith("leases");
	}

	/** Whether callers that would be too many are refused on purpose. */
	boolean refuses() {
		return this.name.endsWith("max-pending");
	}

}
