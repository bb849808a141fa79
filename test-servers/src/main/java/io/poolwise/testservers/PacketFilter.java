package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Drops or rejects the packets between a server and its clients, as a broken network
 * does: unlike behind a {@link TcpProxy}, nobody acknowledges anything. Only in a
 * {@link NetworkNamespace}. Safe for use by several threads.
 * <p>
 * Only the address {@code 127.0.0.1} is affected. A server that listens on
 * {@code 127.0.0.2} too can be observed there meanwhile.
 */
public final class PacketFilter implements AutoCloseable {

	private static final int SECONDS = 20;

	private final int port;

	private final String table;

	private boolean active;

	private PacketFilter(int port) {
		if (!NetworkNamespace.isInside()) {
			throw new IllegalStateException("Packets are dropped in a network namespace only");
		}
		this.port = port;
		this.table = "inet poolwise_" + port;
	}

	/**
	 * Creates a filter without rules before a server.
	 * @param server the server
	 * @return the filter
	 * @throws IllegalStateException if this JVM isn't inside a namespace
	 */
	public static PacketFilter before(TestServer server) {
		return new PacketFilter(server.port());
	}

	/**
	 * Drops every packet in both directions, in silence.
	 */
	public void drop() {
		apply(toServer("drop"), fromServer("drop"));
	}

	/**
	 * Drops what clients send. The server's own packets arrive.
	 */
	public void dropToServer() {
		apply(toServer("drop"));
	}

	/**
	 * Drops what the server sends. It gets everything, and nobody hears of it.
	 */
	public void dropFromServer() {
		apply(fromServer("drop"));
	}

	/**
	 * Drops the first packet of new connections. Open ones work.
	 */
	public void dropNewConnections() {
		apply(toServer("tcp flags & (syn | ack) == syn drop"));
	}

	/**
	 * Drops the packets of some connections in both directions, as a firewall does that
	 * has forgotten them.
	 * @param clients the clients' ports
	 */
	public void dropConnections(Collection<Integer> clients) {
		String ports = clients.stream().map(String::valueOf).collect(Collectors.joining(", ", "{ ", " }"));
		apply(toServer("tcp sport " + ports + " drop"), fromServer("tcp dport " + ports + " drop"));
	}

	/**
	 * Answers everything that clients send by a reset.
	 */
	public void reject() {
		apply(toServer("reject with tcp reset"));
	}

	/**
	 * Lets everything pass again.
	 */
	public synchronized void heal() {
		if (this.active) {
			nft("delete table " + this.table + "\n");
			this.active = false;
		}
	}

	@Override
	public void close() {
		heal();
	}

	private String toServer(String statement) {
		return "ip daddr 127.0.0.1 tcp dport " + this.port + " " + statement;
	}

	private String fromServer(String statement) {
		return "ip saddr 127.0.0.1 tcp sport " + this.port + " " + statement;
	}

	private synchronized void apply(String... rules) {
		StringBuilder script = new StringBuilder();
		if (this.active) {
			script.append("delete table ").append(this.table).append('\n');
		}
		script.append("table ").append(this.table).append(" {\n chain input {\n");
		script.append("  type filter hook input priority 0; policy accept;\n");
		for (String rule : rules) {
			script.append("  ").append(rule).append('\n');
		}
		script.append(" }\n}\n");
		nft(script.toString());
		this.active = true;
	}

	private static void nft(String script) {
		NativeProgram program = NativeProgram.find("nftables", "usr/sbin/nft");
		ProcessBuilder builder = new ProcessBuilder(program.file().toString(), script).redirectErrorStream(true);
		builder.environment().putAll(program.environment());
		try {
			Process process = builder.start();
			process.getOutputStream().close();
			String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw new IllegalStateException("nft failed: " + said);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while packets were filtered", ex);
		}
	}

}
