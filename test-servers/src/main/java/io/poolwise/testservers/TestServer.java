package io.poolwise.testservers;

/**
 * A real server that listens on loopback only.
 * <p>
 * It lives until {@link #close()} or until this JVM is gone, however that ends.
 * Implementations are safe for use by several threads.
 */
public interface TestServer extends AutoCloseable {

	/**
	 * The address that clients connect to.
	 * @return a loopback address
	 */
	default String host() {
		return "127.0.0.1";
	}

	/**
	 * The port that clients connect to. It stays the same over restarts.
	 * @return the TCP port
	 */
	int port();

	/**
	 * Whether the server's process is alive.
	 * @return {@code true} from a successful start until a stop, a kill or a crash
	 */
	boolean isRunning();

	/**
	 * Shuts the server down in good order, without waiting for its clients, and keeps its
	 * data on disk. Does nothing when it isn't running.
	 */
	void stop();

	/**
	 * Starts the server again with the same port and kept data, stopping it first if it
	 * runs. Returns when it accepts connections.
	 * @throws ServerStartException if it doesn't come up; the message ends with its log
	 */
	void restart();

	/**
	 * Ends the server and removes its data. The server can't be started again.
	 */
	@Override
	void close();

}
