package io.poolwise.testservers;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A Redis Cluster of primaries that share the hash slots evenly. Safe for use by several
 * threads.
 */
public final class RedisCluster implements AutoCloseable {

	private static final int SLOTS = 16_384;

	/** Fixed in Redis 6: what nodes tell each other goes to their port plus this. */
	private static final int BUS = 10_000;

	private static final int HIGHEST_PORT = 21_999;

	private static final int STARTS = 3;

	private final List<RedisServer> nodes;

	private RedisCluster(List<RedisServer> nodes) {
		this.nodes = List.copyOf(nodes);
	}

	/**
	 * Starts a cluster.
	 * @param primaries how many nodes, at least 3
	 * @return the cluster, which serves all slots
	 * @throws ServerStartException if it doesn't come up
	 */
	public static RedisCluster start(int primaries) {
		return start(primaries, UnaryOperator.identity());
	}

	/**
	 * Starts a cluster.
	 * @param primaries how many nodes, at least 3
	 * @param customizer adds settings to each node
	 * @return the cluster, which serves all slots
	 * @throws ServerStartException if it doesn't come up
	 */
	public static RedisCluster start(int primaries, UnaryOperator<RedisServer.Builder> customizer) {
		if (primaries < 3) {
			throw new IllegalArgumentException("A cluster needs at least 3 primaries, not " + primaries);
		}
		for (int i = 1;; i++) {
			try {
				return start(ports(primaries), customizer);
			}
			catch (ServerStartException ex) {
				// somebody may have taken a port meanwhile
				if (i == STARTS) {
					throw ex;
				}
			}
		}
	}

	private static RedisCluster start(List<Integer> ports, UnaryOperator<RedisServer.Builder> customizer) {
		List<String> ids = ports.stream()
			.map((port) -> (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "").substring(0, 40))
			.toList();
		RedisCluster cluster = null;
		List<RedisServer> nodes = new ArrayList<>();
		try {
			for (int self = 0; self < ports.size(); self++) {
				nodes.add(customizer.apply(RedisServer.builder())
					.port(ports.get(self))
					.setting("cluster-enabled", "yes")
					.setting("cluster-node-timeout", "2000")
					.setting("cluster-config-file", "nodes.conf")
					.file("nodes.conf", configuration(ids, ports, self))
					.start());
			}
			nodes.forEach((node) -> node.awaitLogged("Cluster state changed: ok"));
			cluster = new RedisCluster(nodes);
			return cluster;
		}
		finally {
			if (cluster == null) {
				nodes.forEach(RedisServer::close);
			}
		}
	}

	/**
	 * What each node would know after {@code redis-cli --cluster create}.
	 * @param ids the nodes' identities
	 * @param ports the nodes' ports, in the same order
	 * @param self the index of the node that the file is for
	 * @return the lines of its {@code nodes.conf}
	 */
	private static List<String> configuration(List<String> ids, List<Integer> ports, int self) {
		List<String> lines = new ArrayList<>();
		int count = ports.size();
		for (int i = 0; i < count; i++) {
			lines.add("%s 127.0.0.1:%d@%d %smaster - 0 0 %d connected %d-%d".formatted(ids.get(i), ports.get(i),
					ports.get(i) + BUS, (i == self) ? "myself," : "", i + 1, SLOTS * i / count,
					SLOTS * (i + 1) / count - 1));
		}
		lines.add("vars currentEpoch " + count + " lastVoteEpoch 0");
		return lines;
	}

	private static List<Integer> ports(int count) {
		return IntStream.generate(LoopbackPorts::free)
			.filter((port) -> port <= HIGHEST_PORT && LoopbackPorts.isFree(port + BUS))
			.distinct()
			.limit(count)
			.boxed()
			.toList();
	}

	/**
	 * The servers of the cluster.
	 * @return all nodes, in the order of their slots
	 */
	public List<RedisServer> nodes() {
		return this.nodes;
	}

	@Override
	public void close() {
		this.nodes.forEach(RedisServer::close);
	}

}
