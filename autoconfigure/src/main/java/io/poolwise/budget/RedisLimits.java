package io.poolwise.budget;

import java.util.List;

/**
 * What a Redis server says about its connections.
 *
 * @param version the server's version as it names it
 * @param maxClients the most clients at once, as configured in the server, at least 1
 */
public record RedisLimits(String version, long maxClients) {

	public RedisLimits {
		Numbers.requireAtLeast(1, maxClients, "maxclients");
	}

	/**
	 * Returns what the server grants all its clients together.
	 * @return the limit with its reasons
	 */
	public ServerLimit toLimit() {
		return ServerLimit.ofServer(Numbers.saturated(this.maxClients),
				List.of("Redis " + this.version + ": maxclients " + this.maxClients));
	}

}
