package io.poolwise.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One client's connection through a {@link TcpProxy}. Each direction has a thread that
 * reads and one that writes what has arrived, so that a delay doesn't slow the stream
 * down.
 */
final class ProxiedConnection {

	private static final int CHUNK = 16 * 1024;

	private static final int CHUNKS_ON_THE_WAY = 64;

	private static final int CONNECT_MILLIS = 10_000;

	private final Socket client;

	private final Socket server = new Socket();

	private final NetworkFault fault;

	private final Consumer<ProxiedConnection> onEnd;

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final AtomicInteger openDirections = new AtomicInteger(2);

	ProxiedConnection(Socket client, NetworkFault fault, Consumer<ProxiedConnection> onEnd) {
		this.client = client;
		this.fault = fault;
		this.onEnd = onEnd;
	}

	void start(InetSocketAddress target) {
		run("connect", () -> {
			this.fault.awaitArrival(System.nanoTime());
			this.client.setTcpNoDelay(true);
			this.server.setTcpNoDelay(true);
			this.server.connect(target, CONNECT_MILLIS);
			start(this.client, this.server);
			start(this.server, this.client);
		});
	}

	private void start(Socket from, Socket to) {
		BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(CHUNKS_ON_THE_WAY);
		run("read", () -> read(from, onTheWay));
		run("write", () -> write(onTheWay, to));
	}

	private static void read(Socket from, BlockingQueue<Chunk> onTheWay) throws InterruptedException {
		try {
			InputStream in = from.getInputStream();
			byte[] buffer = new byte[CHUNK];
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				onTheWay.put(new Chunk(Arrays.copyOf(buffer, count), false));
			}
			onTheWay.put(new Chunk(new byte[0], false));
		}
		catch (IOException ex) {
			onTheWay.put(new Chunk(new byte[0], true));
		}
	}

	private void write(BlockingQueue<Chunk> onTheWay, Socket to) throws IOException, InterruptedException {
		while (true) {
			Chunk chunk = onTheWay.take();
			this.fault.awaitArrival(chunk.sentAt);
			if (chunk.reset) {
				reset();
				return;
			}
			if (chunk.data.length == 0) {
				to.shutdownOutput();
				if (this.openDirections.decrementAndGet() == 0) {
					end();
				}
				return;
			}
			to.getOutputStream().write(chunk.data);
		}
	}

	/**
	 * Ends the connection with a reset on both sides.
	 */
	void reset() {
		for (Socket socket : List.of(this.client, this.server)) {
			try {
				socket.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// already closed
			}
		}
		end();
	}

	private void end() {
		for (Socket socket : List.of(this.client, this.server)) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// already closed
			}
		}
		this.onEnd.accept(this);
		this.threads.forEach(Thread::interrupt);
	}

	private void run(String name, Step step) {
		Thread thread = new Thread(() -> {
			try {
				step.run();
			}
			catch (IOException ex) {
				reset();
			}
			catch (InterruptedException ex) {
				// ended
			}
		}, "tcp-proxy-" + name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	@FunctionalInterface
	private interface Step {

		void run() throws IOException, InterruptedException;

	}

	/**
	 * Data, or with none of it the end of the stream.
	 */
	private static final class Chunk {

		private final long sentAt = System.nanoTime();

		private final byte[] data;

		private final boolean reset;

		Chunk(byte[] data, boolean reset) {
			this.data = data;
			this.reset = reset;
		}

	}

}
