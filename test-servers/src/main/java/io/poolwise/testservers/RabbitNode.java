package io.poolwise.testservers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a RabbitMQ server needs around its process: ports, environment, and an Erlang port
 * mapper (epmd), which would otherwise be shared with the whole machine and outlive us.
 *
 * @param server the script that starts the server
 * @param port the AMQP port
 * @param managementPort the port of the management API
 * @param management whether the management API is on
 * @param environment the environment of the server and of {@code rabbitmqctl}
 * @param epmdHome the port mapper's folder
 * @param epmd the port mapper
 */
record RabbitNode(Path server, int port, int managementPort, boolean management, Map<String, String> environment,
		ServerHome epmdHome, ServerProcess epmd) {

	private static final Duration EPMD_PATIENCE = Duration.ofSeconds(20);

	static RabbitServer start(ServerHome home, NativeProgram server, NativeProgram epmd, List<Integer> ports,
			boolean management, List<String> settings, RabbitDefinitions definitions) {
		int epmdPort = ports.get(2);
		ServerHome epmdHome = ServerHome.create("epmd");
		RabbitNode node = new RabbitNode(server.file(), ports.get(0), ports.get(1), management,
				environment(home, server, epmd, epmdPort, ports.get(3)), epmdHome,
				epmdHome.process("epmd",
						List.of(epmd.file().toString(), "-port", Integer.toString(epmdPort), "-address", "127.0.0.1"),
						epmd.environment()));
		boolean started = false;
		try {
			node.write(home, settings, definitions);
			node.epmd.start(() -> LoopbackPorts.accepts(epmdPort), EPMD_PATIENCE);
			RabbitServer result = new RabbitServer(node,
					home.process("RabbitMQ", List.of(server.file().toString()), node.environment));
			result.start();
			started = true;
			return result;
		}
		finally {
			if (!started) {
				node.close();
			}
		}
	}

	private static Map<String, String> environment(ServerHome home, NativeProgram server, NativeProgram epmd,
			int epmdPort, int distributionPort) {
		Map<String, String> environment = new HashMap<>(server.environment());
		Path erlang = epmd.file().resolveSibling("..").normalize();
		environment.put("PATH", erlang.resolve("bin") + ":" + System.getenv("PATH"));
		environment.put("ERL_ROOTDIR", erlang.toString());
		environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
		environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
		environment.put("HOME", home.directory().toString());
		environment.put("LC_ALL", "C.UTF-8");
		environment.put("RABBITMQ_NODENAME", "rabbit@localhost");
		environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
		environment.put("RABBITMQ_CONF_ENV_FILE", home.path("none").toString());
		environment.put("RABBITMQ_CONFIG_FILE", home.path("rabbitmq.conf").toString());
		environment.put("RABBITMQ_ADVANCED_CONFIG_FILE", home.path("advanced.config").toString());
		environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", home.path("enabled_plugins").toString());
		environment.put("RABBITMQ_MNESIA_BASE", home.path("data").toString());
		environment.put("RABBITMQ_LOGS", "-");
		environment.put("RABBITMQ_LOG_BASE", home.directory().toString());
		// the start script then replaces itself by the server, which gets our signals
		environment.put("RUNNING_UNDER_SYSTEMD", "true");
		return Map.copyOf(environment);
	}

	private void write(ServerHome home, List<String> settings, RabbitDefinitions definitions) {
		List<String> lines = new ArrayList<>(
				List.of("listeners.tcp.1 = 127.0.0.1:" + this.port, "disk_free_limit.absolute = 10MB",
						"load_definitions = " + home.write("definitions.json", definitions.lines())));
		if (this.management) {
			lines.add("management.tcp.ip = 127.0.0.1");
			lines.add("management.tcp.port = " + this.managementPort);
		}
		lines.addAll(settings);
		home.write("rabbitmq.conf", lines);
		home.write("advanced.config", List.of("[{kernel, [{inet_dist_use_interface, {127,0,0,1}}]}]."));
		home.write("enabled_plugins", List.of(this.management ? "[rabbitmq_management]." : "[]."));
	}

	void close() {
		this.epmd.end("KILL", EPMD_PATIENCE);
		RunDirectory.delete(this.epmdHome.directory());
	}

}
