package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ server: one node, with an Erlang port mapper of its own.
 * <p>
 * It has the virtual host {@code /} and the administrator {@code guest} with the password
 * {@code guest}. Durable queues and persistent messages survive {@link #stop()}.
 */
public final class RabbitServer extends ProcessServer {

	private static final String ADMINISTRATOR = "guest";

	private static final Duration CTL_PATIENCE = Duration.ofSeconds(60);

	private final RabbitNode node;

	private @Nullable ChannelCounter channels;

	RabbitServer(RabbitNode node, ServerProcess process) {
		super(process, node.port(), "TERM", "KILL");
		this.node = node;
	}

	/**
	 * Starts to describe a server.
	 * @return a builder with RabbitMQ's own default settings
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * The administrator's name.
	 * @return the user to log in with
	 */
	public String username() {
		return ADMINISTRATOR;
	}

	/**
	 * The administrator's password.
	 * @return the password of {@link #username()}
	 */
	public String password() {
		return ADMINISTRATOR;
	}

	/**
	 * The address of the management API.
	 * @return a URL without a slash at its end
	 * @throws IllegalStateException if the server was built without
	 * {@link Builder#management()}
	 */
	public String managementUrl() {
		if (!this.node.management()) {
			throw new IllegalStateException("This RabbitMQ has no management plugin");
		}
		return "http://" + host() + ":" + this.node.managementPort();
	}

	/**
	 * Runs {@code rabbitmqctl} against the server.
	 * @param arguments the command and its arguments, for instance
	 * {@code "set_user_limits", "app", "{\"max-channels\": 5}"}
	 * @return what it printed
	 * @throws ServerStartException if it fails; the message ends with what it printed
	 */
	public String ctl(String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(this.node.server().resolveSibling("rabbitmqctl").toString());
		command.add("--quiet");
		command.addAll(List.of(arguments));
		ServerHome home = ServerHome.create("rabbitmqctl");
		try {
			ServerProcess process = home.process("rabbitmqctl " + String.join(" ", arguments), command,
					this.node.environment());
			process.run(CTL_PATIENCE);
			return Files.readString(process.log());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			RunDirectory.delete(home.directory());
		}
	}

	/**
	 * Counts the channels that are open at this moment, of every user. The first call
	 * takes a second, each other one about a millisecond. Not for a server that was
	 * restarted after the first call.
	 * @return the server's own number
	 */
	public synchronized int channels() {
		if (this.channels == null) {
			this.channels = ChannelCounter.in(this);
		}
		return this.channels.count();
	}

	@Override
	boolean isReady(ServerProcess process) {
		return process.hasLogged("Server startup complete");
	}

	@Override
	void release() {
		this.node.close();
	}

	/**
	 * Describes a RabbitMQ server and starts it.
	 */
	public static final class Builder {

		private final List<String> settings = new ArrayList<>();

		private final RabbitDefinitions definitions = new RabbitDefinitions();

		private int port;

		private boolean management;

		private Builder() {
			this.definitions.user(ADMINISTRATOR, ADMINISTRATOR, "administrator");
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
		 * Sets how many channels a connection may have open at once.
		 * @param channelMax at least 1
		 * @return this builder
		 */
		public Builder channelMax(int channelMax) {
			return setting("channel_max", Integer.toString(channelMax));
		}

		/**
		 * Turns the management API on, at {@link RabbitServer#managementUrl()}.
		 * @return this builder
		 */
		public Builder management() {
			this.management = true;
			return this;
		}

		/**
		 * Adds a user with all rights on the virtual host {@code /}, but none in the
		 * management API.
		 * @param name the user's name
		 * @param password the user's password
		 * @return this builder
		 */
		public Builder user(String name, String password) {
			this.definitions.user(name, password, "");
			return this;
		}

		/**
		 * Limits a user over all connections.
		 * @param name a name given to {@link #user(String, String)} before
		 * @param limit {@code max-connections} or {@code max-channels}
		 * @param value how many, or -1 for no limit
		 * @return this builder
		 */
		public Builder userLimit(String name, String limit, int value) {
			this.definitions.userLimit(name, limit, value);
			return this;
		}

		/**
		 * Limits the virtual host {@code /}.
		 * @param limit {@code max-connections} or {@code max-queues}
		 * @param value how many, or -1 for no limit
		 * @return this builder
		 */
		public Builder vhostLimit(String limit, int value) {
			this.definitions.vhostLimit(limit, value);
			return this;
		}

		/**
		 * Adds a line to {@code rabbitmq.conf}.
		 * @param name the key
		 * @param value its value
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.add(name + " = " + value);
			return this;
		}

		/**
		 * Starts the server.
		 * @return the server, which accepts connections
		 * @throws ServerStartException if it doesn't come up, for instance because of a
		 * wrong setting
		 * @throws ServerMissingException if RabbitMQ isn't on this machine
		 */
		public RabbitServer start() {
			NativeProgram server = NativeProgram.find("rabbitmq", "usr/lib/rabbitmq/bin/rabbitmq-server");
			NativeProgram epmd = NativeProgram.find("rabbitmq", "usr/lib/erlang/bin/epmd");
			return ServerHome.create("rabbitmq", (home) -> LoopbackPorts.start(this.port, 4, (ports) -> RabbitNode
				.start(home, server, epmd, ports, this.management, this.settings, this.definitions)));
		}

	}

}
