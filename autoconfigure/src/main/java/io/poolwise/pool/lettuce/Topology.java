package io.poolwise.pool.lettuce;

import java.util.ArrayList;
import java.util.List;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What stands behind one borrowed connection, and what can't be promised of it. A
 * cluster's has a socket to each node that it talks to and one more to one of them; since
 * each node has a limit of its own, two are counted.
 *
 * @param socketsPerNode what one borrowed connection opens to one node, at least 1
 * @param limitations what can't be kept exactly here
 */
record Topology(int socketsPerNode, List<String> limitations) {

	static Topology of(LettuceConnectionFactory factory) {
		List<String> limitations = new ArrayList<>();
		if (factory.isClusterAware()) {
			limitations.add("Cluster: sizes count the sockets to the busiest node, 2 for each borrowed connection. "
					+ "Lettuce looks at the topology over short-lived connections, which come from the reserve.");
		}
		if (factory.getClientConfiguration().getReadFrom().isPresent()) {
			limitations.add("read-from: sizes count the sockets to the primary; a replica may have as many. "
					+ "Lettuce looks at the topology over short-lived connections, which come from the reserve.");
		}
		if (!CommandTimeouts.mayReplace(factory.getClientConfiguration().getClientOptions())) {
			limitations.add("The application times its commands itself: those that block on the server get no time "
					+ "on top, and pool.redis.command-timeout is not used.");
		}
		return new Topology(factory.isClusterAware() ? 2 : 1, List.copyOf(limitations));
	}

	/**
	 * Borrowable connections that fit into a size in sockets, at least 1.
	 * @param size the size in sockets to one node
	 * @return the size in borrowable connections
	 */
	PoolSize borrowable(PoolSize size) {
		int max = Math.max(1, size.max() / this.socketsPerNode);
		int ceiling = Math.max(max, size.ceiling() / this.socketsPerNode);
		return new PoolSize(Math.min(max, size.min() / this.socketsPerNode), max, ceiling - max);
	}

	/**
	 * The sockets behind borrowable connections.
	 * @param borrowable counts of borrowable connections
	 * @return counts of sockets to one node; callers are callers
	 */
	PoolCounts sockets(PoolCounts borrowable) {
		return new PoolCounts(Math.multiplyExact(borrowable.size(), this.socketsPerNode),
				Math.multiplyExact(borrowable.free(), this.socketsPerNode),
				Math.multiplyExact(borrowable.used(), this.socketsPerNode), borrowable.pending());
	}

}
