package io.poolwise.testservers;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that makes the network before a server as bad as wanted. Safe
 * for use by several threads.
 * <p>
 * One thing differs from a real cut: the system still acknowledges what it gets for the
 * proxy, so that TCP keep-alive and user timeouts of either side don't strike.
 */
public final class TcpProxy implements AutoCloseable {

	private static final int BACKLOG = 1000;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final InetSocketAddress target;

	private final NetworkFault fault = new NetworkFault();

	private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

	private final int port;

	private @Nullable Listener listener;

	private boolean closed;

	private TcpProxy(InetSocketAddress target) {
		this.target = target;
		this.port = LoopbackPorts.start(0, (candidate) -> {
			this.listener = listen(candidate);
			return candidate;
		});
	}

	/**
	 * Starts a proxy before a server.
	 * @param target the server, which needn't run now
	 * @return a proxy without faults
	 */
	public static TcpProxy before(TestServer target) {
		return before(target.host(), target.port());
	}

	/**
	 * Starts a proxy before an address.
	 * @param host where connections are passed on to
	 * @param port the port there
	 * @return a proxy without faults
	 */
	public static TcpProxy before(String host, int port) {
		return new TcpProxy(new InetSocketAddress(host, port));
	}

	/**
	 * The address that clients connect to.
	 * @return a loopback address
	 */
	public String host() {
		return "127.0.0.1";
	}

	/**
	 * The port that clients connect to.
	 * @return the TCP port, the same for the proxy's whole life
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Counts the clients that are connected now.
	 * @return how many connections the proxy has accepted and not seen end
	 */
	public int connections() {
		return this.connections.size();
	}

	/**
	 * Makes everything take a while, each way. Replaces a stall.
	 * @param delay how long data is on its way in one direction; zero for no delay
	 */
	public void delay(Duration delay) {
		this.fault.set(delay, false);
	}

	/**
	 * Cuts the network silently: nothing gets through any more, in either direction, not
	 * even that a side has closed. New connections are accepted and hang too. What was
	 * sent meanwhile arrives after {@link #heal()}.
	 */
	public void stall() {
		this.fault.set(Duration.ZERO, true);
	}

	/**
	 * Resets all open connections, on both sides. New ones work.
	 */
	public void reset() {
		this.connections.forEach(ProxiedConnection::reset);
	}

	/**
	 * Refuses new connections and leaves the open ones alone.
	 */
	public synchronized void refuse() {
		if (this.listener != null) {
			this.listener.close();
			this.listener = null;
		}
	}

	/**
	 * Refuses new connections and resets the open ones.
	 */
	public void drop() {
		refuse();
		reset();
	}

	/**
	 * Ends delay, stall and refusal. Connections that were reset stay so.
	 */
	public synchronized void heal() {
		this.fault.set(Duration.ZERO, false);
		if (this.listener == null && !this.closed) {
			this.listener = listen(this.port);
		}
	}

	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
		}
		drop();
		this.fault.set(Duration.ZERO, false);
	}

	private Listener listen(int port) {
		try {
			ServerSocket socket = new ServerSocket();
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
			Thread thread = new Thread(() -> accept(socket), "tcp-proxy-accept");
			thread.setDaemon(true);
			thread.start();
			return new Listener(socket, thread);
		}
		catch (IOException ex) {
			throw new ServerStartException("The proxy can't listen on port " + port, ex);
		}
	}

	private void accept(ServerSocket socket) {
		try {
			while (true) {
				Socket client = socket.accept();
				ProxiedConnection connection = new ProxiedConnection(client, this.fault, this.connections::remove);
				this.connections.add(connection);
				connection.start(this.target);
			}
		}
		catch (IOException ex) {
			// no longer listening
		}
	}

	private record Listener(ServerSocket socket, Thread thread) implements Closeable {

		@Override
		public void close() {
			try {
				this.socket.close();
				// until the thread has left its system call, connections still get in
				this.thread.join(PATIENCE.toMillis());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
