package io.poolwise.pool.rabbit;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What asking a broker for its limits came to.
 */
public sealed interface RabbitReading {

	/**
	 * The broker was asked.
	 *
	 * @param broker the cluster's name, or host and port where it has none: what pools
	 * that share a user's limit have in common
	 * @param product what the broker calls itself, with its version
	 * @param user the user of the connection
	 * @param vhost its virtual host
	 * @param channelMax the negotiated {@code channel_max} of one connection; 0 for no
	 * limit
	 * @param userChannels the user's {@code max-channels}, at least 0; null for none, or
	 * if it isn't known
	 * @param userConnections the user's {@code max-connections}, at least 0; null for
	 * none, or if it isn't known
	 * @param vhostConnections the virtual host's {@code max-connections}, at least 0;
	 * null for none, or if it isn't known
	 * @param nodeSockets the connections that all running nodes together can carry, at
	 * least 0; null if it isn't known
	 * @param notes what could not be found out and why, a line each
	 */
	record Limits(String broker, String product, String user, String vhost, int channelMax,
			@Nullable Integer userChannels, @Nullable Integer userConnections, @Nullable Integer vhostConnections,
			@Nullable Integer nodeSockets, List<String> notes) implements RabbitReading {

		public Limits {
			if (channelMax < 0) {
				throw new IllegalArgumentException("channel_max must be at least 0, was " + channelMax);
			}
			notes = List.copyOf(notes);
		}

	}

	/**
	 * The broker could not be asked: down, slow, or it refused the connection.
	 *
	 * @param reason what happened, without a secret
	 */
	record Unavailable(String reason) implements RabbitReading {
	}

}
