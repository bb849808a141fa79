package io.poolwise.bench;

import java.util.ArrayList;
import java.util.List;

import io.poolwise.testservers.TestServer;

/**
 * Real servers, one a kind of pool, for JVMs that are started to measure.
 *
 * @param running the servers
 * @param properties what tells such a JVM where they are, for its command line
 */
record Servers(List<TestServer> running, List<String> properties) implements AutoCloseable {

	static Servers start() {
		List<TestServer> running = new ArrayList<>();
		List<String> properties = new ArrayList<>();
		for (PoolType type : PoolType.values()) {
			TestServer server = type.startServer();
			running.add(server);
			properties.add("-D" + type.property() + "=" + server.port());
		}
		return new Servers(running, properties);
	}

	@Override
	public void close() {
		this.running.forEach(TestServer::close);
	}

}
