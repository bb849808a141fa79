package io.poolwise.testservers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A Redis server. Its data survives {@link #stop()} and {@link #kill()}.
 */
public final class RedisServer extends ProcessServer {

	private final @Nullable String password;

	private RedisServer(ServerProcess process, int port, @Nullable String password) {
		super(process, port, "TERM", "KILL");
		this.password = password;
	}

	/**
	 * Starts to describe a server.
	 * @return a builder with Redis' own default settings
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * The password of the default user.
	 * @return the password, or {@code null} if there is none
	 */
	public @Nullable String password() {
		return this.password;
	}

	@Override
	boolean isReady(ServerProcess process) {
		return process.hasLogged("Ready to accept connections");
	}

	/**
	 * Describes a Redis server and starts it.
	 */
	public static final class Builder {

		private final List<String> settings = new ArrayList<>();

		private int port;

		private @Nullable String password;

		private Builder() {
			setting("bind", "127.0.0.1");
			setting("save", "\"\"");
			setting("appendonly", "yes");
			setting("appendfsync", "no");
		}

		/**
		 * Fixes the port.
		 * @param port a free port, or 0 (the default) for any
		 * @return this builder
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Sets how many clients may be connected at once.
		 * @param maxClients at least 1
		 * @return this builder
		 */
		public Builder maxClients(int maxClients) {
			return setting("maxclients", Integer.toString(maxClients));
		}

		/**
		 * Makes the default user give a password.
		 * @param password a password without spaces
		 * @return this builder
		 */
		public Builder password(String password) {
			this.password = password;
			return setting("requirepass", password);
		}

		/**
		 * Adds an enabled user of the access control list.
		 * @param name the user's name
		 * @param password the user's password, without spaces
		 * @param rules what the user may do, for instance
		 * {@code "~* &* +@all -@dangerous"}
		 * @return this builder
		 */
		public Builder user(String name, String password, String rules) {
			return setting("user", name + " on >" + password + " " + rules);
		}

		/**
		 * Adds a line to {@code redis.conf}.
		 * @param name the directive's name
		 * @param value its arguments, quoted as in that file
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.add(name + " " + value);
			return this;
		}

		/**
		 * Starts the server.
		 * @return the server, which accepts connections
		 * @throws ServerStartException if it doesn't come up, for instance because of a
		 * wrong setting
		 */
		public RedisServer start() {
			Path program = RedisInstallation.find().program();
			return ServerHome.create("redis", (home) -> LoopbackPorts.start(this.port, (port) -> {
				List<String> lines = new ArrayList<>(this.settings);
				lines.add("port " + port);
				Path file = home.write("redis.conf", lines);
				RedisServer server = new RedisServer(
						home.process("Redis", List.of(program.toString(), file.toString()), Map.of()), port,
						this.password);
				server.start();
				return server;
			}));
		}

	}

}
