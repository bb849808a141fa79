package io.poolwise.pool.lettuce;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisServerCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.RedisLimits;
import io.poolwise.budget.ServerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redis how many clients it lets in: by {@code INFO}, which needs no administrator,
 * else by {@code CONFIG GET}. Of a cluster's nodes the strictest counts.
 */
final class LettuceLimits {

	private LettuceLimits() {
	}

	/**
	 * Asks over a connection.
	 * @param connection the connection
	 * @return the answer
	 */
	static LimitReading read(StatefulConnection<?, ?> connection) {
		try {
			if (connection instanceof StatefulRedisClusterConnection<?, ?> cluster) {
				return readCluster(cluster);
			}
			return readNode(((StatefulRedisConnection<?, ?>) connection).sync());
		}
		catch (RedisCommandExecutionException ex) {
			return new LimitReading.Unavailable("the user may ask neither INFO nor CONFIG GET maxclients ("
					+ Failures.describe(ex) + "); set pool.redis.budget.limit to what the server grants");
		}
	}

	private static LimitReading readCluster(StatefulRedisClusterConnection<?, ?> cluster) {
		List<LimitReading> nodes = cluster.getPartitions()
			.stream()
			.filter((node) -> node.isConnected() && !node.getSlots().isEmpty())
			.map((node) -> readNode(cluster.getConnection(node.getNodeId()).sync()))
			.toList();
		return nodes.stream()
			.filter(LimitReading.Granted.class::isInstance)
			.map(LimitReading.Granted.class::cast)
			.min(Comparator.<LimitReading.Granted>comparingInt((node) -> node.limit().connections())
				.thenComparing((node) -> node.identity().value()))
			.<LimitReading>map(Function.identity())
			.orElseGet(() -> nodes.stream()
				.findFirst()
				.orElseGet(() -> new LimitReading.Unavailable("the cluster shows no node that has slots")));
	}

	private static <K, V> LimitReading readNode(RedisServerCommands<K, V> server) {
		Map<String, String> info;
		try {
			info = parse(server.info("server") + "\n" + server.info("clients"));
		}
		catch (RedisCommandExecutionException ex) {
			info = Map.of();
		}
		String maxClients = info.get("maxclients");
		if (maxClients == null) {
			maxClients = server.configGet("maxclients").get("maxclients");
		}
		if (maxClients == null) {
			return new LimitReading.Unavailable(
					"the server doesn't tell maxclients; " + "set pool.redis.budget.limit to what it grants");
		}
		String version = info.getOrDefault("redis_version", "of unknown version");
		return new LimitReading.Granted(new ServerIdentity(identity(info, server)),
				new RedisLimits(version, Long.parseLong(maxClients)).toLimit());
	}

	/**
	 * The server's own name for this run; else its end of the connection.
	 */
	private static String identity(Map<String, String> info, RedisServerCommands<?, ?> server) {
		String run = info.get("run_id");
		if (run != null) {
			return "run " + run;
		}
		@Nullable String address = null;
		for (String field : server.clientInfo().split(" ", -1)) {
			if (field.startsWith("laddr=")) {
				address = field.substring("laddr=".length());
			}
		}
		return (address != null) ? address.strip() : "unknown";
	}

	static Map<String, String> parse(String info) {
		return info.lines()
			.filter((line) -> line.indexOf(':') > 0)
			.collect(Collectors.toMap((line) -> line.substring(0, line.indexOf(':')),
					(line) -> line.substring(line.indexOf(':') + 1).strip(), (first, second) -> first));
	}

}
