package io.poolwise.testservers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A Redis primary with one replica, watched by three Sentinels of which two must agree on
 * a failover. It takes the Sentinels about a second to give a silent primary up. Safe for
 * use by several threads.
 */
public final class RedisSentinel implements AutoCloseable {

	private static final String MASTER = "main";

	private static final int SENTINELS = 3;

	private final RedisServer primary;

	private final RedisServer replica;

	private final List<RedisServer> sentinels;

	private RedisSentinel(RedisServer primary, RedisServer replica, List<RedisServer> sentinels) {
		this.primary = primary;
		this.replica = replica;
		this.sentinels = List.copyOf(sentinels);
	}

	/**
	 * Starts the servers.
	 * @return the servers, ready for a failover
	 * @throws ServerStartException if they don't come up
	 */
	public static RedisSentinel start() {
		return start(UnaryOperator.identity());
	}

	/**
	 * Starts the servers.
	 * @param customizer adds settings to the primary and the replica, but no password
	 * @return the servers, ready for a failover
	 * @throws ServerStartException if they don't come up
	 */
	public static RedisSentinel start(UnaryOperator<RedisServer.Builder> customizer) {
		List<RedisServer> started = new ArrayList<>();
		boolean done = false;
		try {
			RedisServer primary = customizer.apply(RedisServer.builder()).start();
			started.add(primary);
			RedisServer replica = customizer.apply(RedisServer.builder()).replicaOf(primary).start();
			started.add(replica);
			replica.awaitLogged("MASTER <-> REPLICA sync: Finished with success");
			for (int i = 0; i < SENTINELS; i++) {
				started.add(sentinel(primary));
			}
			List<RedisServer> sentinels = started.subList(2, started.size());
			for (RedisServer each : sentinels) {
				each.awaitLogged("+slave slave " + replica.host() + ":" + replica.port());
				sentinels.stream()
					.filter((other) -> other != each)
					.forEach((other) -> each.awaitLogged(" " + other.host() + " " + other.port() + " @ " + MASTER));
			}
			done = true;
			return new RedisSentinel(primary, replica, sentinels);
		}
		finally {
			if (!done) {
				started.forEach(RedisServer::close);
			}
		}
	}

	private static RedisServer sentinel(RedisServer primary) {
		return RedisServer.builder()
			.sentinel()
			.setting("sentinel monitor",
					MASTER + " " + primary.host() + " " + primary.port() + " " + (SENTINELS / 2 + 1))
			.setting("sentinel down-after-milliseconds", MASTER + " 1000")
			.setting("sentinel failover-timeout", MASTER + " 5000")
			.start();
	}

	/**
	 * The name that clients ask the Sentinels for.
	 * @return the master's name
	 */
	public String master() {
		return MASTER;
	}

	/**
	 * The server that began as the primary.
	 * @return the first server
	 */
	public RedisServer primary() {
		return this.primary;
	}

	/**
	 * The server that began as the replica.
	 * @return the second server
	 */
	public RedisServer replica() {
		return this.replica;
	}

	/**
	 * The Sentinels that clients connect to.
	 * @return three servers
	 */
	public List<RedisServer> sentinels() {
		return this.sentinels;
	}

	@Override
	public void close() {
		Stream.concat(this.sentinels.stream(), Stream.of(this.replica, this.primary)).forEach(RedisServer::close);
	}

}
