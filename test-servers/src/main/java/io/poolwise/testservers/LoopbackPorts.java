package io.poolwise.testservers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Finds free ports for servers.
 * <p>
 * Ports come from below the range that systems give to outgoing connections (Linux: from
 * 32768), so that a server which is down for a while finds its port free again.
 */
final class LoopbackPorts {

	private static final int LOWEST = 12_000;

	private static final int HIGHEST = 31_999;

	private static final int PROBES = 200;

	private static final int STARTS = 5;

	private LoopbackPorts() {
	}

	/**
	 * A port that nobody listened on a moment ago.
	 * @return a free port
	 */
	static int free() {
		for (int i = 0; i < PROBES; i++) {
			int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
			if (isFree(port)) {
				return port;
			}
		}
		throw new ServerStartException("No free port between " + LOWEST + " and " + HIGHEST);
	}

	/**
	 * Whether a server could listen on a loopback port now.
	 * @param port the port
	 * @return {@code false} if it is taken
	 */
	static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Whether somebody accepts connections on a loopback port.
	 * @param port the port
	 * @return {@code true} if a connection could be made
	 */
	static boolean accepts(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Starts something on a free port, on another one if somebody was faster.
	 * @param <T> what is started
	 * @param port the port to use, or 0 for any
	 * @param start starts it on the given port
	 * @return what was started
	 */
	static <T> T start(int port, IntFunction<T> start) {
		return start(port, 1, (ports) -> start.apply(ports.get(0)));
	}

	/**
	 * Starts something that needs several free ports, on other ones if somebody was
	 * faster.
	 * @param <T> what is started
	 * @param port the first port, or 0 for any
	 * @param count how many ports it needs
	 * @param start starts it on the given ports
	 * @return what was started
	 */
	static <T> T start(int port, int count, Function<List<Integer>, T> start) {
		for (int i = 1;; i++) {
			List<Integer> ports = new ArrayList<>();
			if (port != 0) {
				ports.add(port);
			}
			while (ports.size() < count) {
				int candidate = free();
				if (!ports.contains(candidate)) {
					ports.add(candidate);
				}
			}
			try {
				return start.apply(List.copyOf(ports));
			}
			catch (ServerStartException ex) {
				ports.remove((Integer) port);
				if (i == STARTS || ports.stream().allMatch(LoopbackPorts::isFree)) {
					throw ex;
				}
			}
		}
	}

}
