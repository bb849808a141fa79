package io.poolwise.pool.lettuce;

import java.util.List;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.poolwise.testservers.RedisServer;

/**
 * The server's own view, over a connection of its own.
 */
final class RedisAdmin implements AutoCloseable {

	private final RedisClient client;

	private final RedisCommands<String, String> commands;

	RedisAdmin(RedisServer server) {
		RedisURI uri = RedisURI.create(server.host(), server.port());
		String password = server.password();
		if (password != null) {
			uri.setCredentialsProvider(RedisCredentialsProvider.from(() -> RedisCredentials.just(null, password)));
		}
		this.client = RedisClient.create(uri);
		this.commands = this.client.connect().sync();
	}

	RedisCommands<String, String> commands() {
		return this.commands;
	}

	/**
	 * All clients of that name.
	 * @param name the name that they gave themselves
	 * @return one line each
	 */
	List<String> clients(String name) {
		return this.commands.clientList().lines().filter((line) -> line.contains(" name=" + name + " ")).toList();
	}

	/**
	 * Clients of any name, this one not counted.
	 * @return how many
	 */
	int others() {
		return (int) this.commands.clientList().lines().count() - 1;
	}

	@Override
	public void close() {
		this.client.shutdown();
	}

}
