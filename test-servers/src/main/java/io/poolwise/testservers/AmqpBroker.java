package io.poolwise.testservers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.BrokerModel;
import org.apache.qpid.server.model.SystemConfig;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP 0-9-1 broker inside this JVM: Apache Qpid Broker-J. It starts anywhere, but
 * isn't RabbitMQ: it has no management API, and it refuses to confirm an unroutable
 * mandatory message that RabbitMQ returns and confirms.
 * <p>
 * It has the user {@code guest} with the password {@code guest} and one virtual host,
 * which answers to the name {@code /}. Queues and messages are gone after a stop. A
 * running broker keeps the JVM from ending when its last other thread does.
 */
public final class AmqpBroker implements TestServer {

	private static final String USER = "guest";

	private final Path directory;

	private final Path configuration;

	private final int port;

	private @Nullable SystemLauncher launcher;

	private AmqpBroker(Path directory, Path configuration, int port) {
		this.directory = directory;
		this.configuration = configuration;
		this.port = port;
	}

	/**
	 * Starts to describe a broker.
	 * @return a builder with the broker's own default settings
	 */
	public static Builder builder() {
		return new Builder();
	}

	@Override
	public int port() {
		return this.port;
	}

	/**
	 * The user's name.
	 * @return the user to log in with
	 */
	public String username() {
		return USER;
	}

	/**
	 * The user's password.
	 * @return the password of {@link #username()}
	 */
	public String password() {
		return USER;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.launcher != null;
	}

	@Override
	public synchronized void stop() {
		if (this.launcher != null) {
			this.launcher.shutdown();
			this.launcher = null;
		}
	}

	@Override
	public synchronized void restart() {
		stop();
		List<RuntimeException> failures = new ArrayList<>();
		SystemLauncher starting = new SystemLauncher(new DefaultSystemLauncherListener() {

			@Override
			public void errorOnStartup(RuntimeException ex) {
				failures.add(ex);
			}

		});
		try {
			starting.startup(attributes());
		}
		catch (Exception ex) {
			throw new ServerStartException(
					"The AMQP broker doesn't start on port " + this.port + ": " + ex.getMessage(), ex);
		}
		if (!failures.isEmpty()) {
			throw new ServerStartException(
					"The AMQP broker doesn't start on port " + this.port + ": " + failures.get(0).getMessage(),
					failures.get(0));
		}
		this.launcher = starting;
	}

	@Override
	public synchronized void close() {
		stop();
		RunDirectory.delete(this.directory);
	}

	private Map<String, Object> attributes() {
		Map<String, Object> attributes = new HashMap<>();
		attributes.put(SystemConfig.TYPE, "Memory");
		attributes.put(SystemConfig.INITIAL_CONFIGURATION_LOCATION, this.configuration.toUri().toString());
		attributes.put(SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT, false);
		attributes.put(SystemConfig.CONTEXT, Map.of(SystemConfig.QPID_WORK_DIR, this.directory.toString(),
				"broker.failStartupWithErroredChild", "true"));
		return attributes;
	}

	/**
	 * Describes an AMQP broker and starts it.
	 */
	public static final class Builder {

		private static final String CONFIGURATION = """
				{
					"name": "poolwise",
					"modelVersion": "%s",
					"authenticationproviders": [{
						"name": "users", "type": "Plain", "secureOnlyMechanisms": [],
						"users": [{"name": "%s", "type": "managed", "password": "%s"}]
					}],
					"ports": [{
						"name": "amqp", "port": %d, "bindingAddress": "127.0.0.1", "protocols": ["AMQP_0_9_1"],
						"authenticationProvider": "users",
						"context": {"qpid.port.sessionCountLimit": "%d"},
						"virtualhostaliases": [{"name": "default", "type": "defaultAlias"}]
					}],
					"virtualhostnodes": [{
						"name": "default", "type": "Memory", "defaultVirtualHostNode": "true",
						"virtualHostInitialConfiguration": "{\\"type\\": \\"Memory\\"}"
					}]
				}
				""";

		private int port;

		private int channelMax = 256;

		private Builder() {
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
			this.channelMax = channelMax;
			return this;
		}

		/**
		 * Starts the broker.
		 * @return the broker, which accepts connections
		 * @throws ServerStartException if it doesn't come up
		 */
		public AmqpBroker start() {
			return ServerHome.create("amqp", (home) -> LoopbackPorts.start(this.port, (port) -> {
				Path configuration = home.write("broker.json",
						List.of(CONFIGURATION.formatted(BrokerModel.MODEL_VERSION, USER, USER, port, this.channelMax)));
				AmqpBroker broker = new AmqpBroker(home.directory(), configuration, port);
				broker.restart();
				return broker;
			}));
		}

	}

}
