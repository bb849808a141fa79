package io.poolwise.faults.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy that gives each new connection to the next of several servers.
 */
final class TakingTurns implements AutoCloseable {

	private final ServerSocket socket;

	private final List<Integer> targets;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	TakingTurns(int... targets) {
		this.targets = Arrays.stream(targets).boxed().toList();
		try {
			this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	int port() {
		return this.socket.getLocalPort();
	}

	private void accept() {
		try {
			for (int turn = 0;; turn++) {
				Socket client = this.socket.accept();
				Socket server = new Socket(InetAddress.getLoopbackAddress(),
						this.targets.get(turn % this.targets.size()));
				this.open.addAll(List.of(client, server));
				start(() -> pump(client, server));
				start(() -> pump(server, client));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void pump(Socket from, Socket to) {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// one of them ended
		}
		this.open.removeAll(Set.of(from, to));
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "taking-turns");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Socket each : this.open) {
			each.close();
		}
	}

}
