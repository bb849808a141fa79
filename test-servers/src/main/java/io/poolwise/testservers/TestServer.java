package io.poolwise.testservers;

import java.nio.file.Path;

/**
 * A real server process of this JVM, listening on loopback only.
 * <p>
 * It lives until {@link #close()} or until the JVM is gone, however the JVM ends: a small
 * watchdog process then ends the server and removes its files. Implementations are safe
 * for use by several threads.
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
	 * The file that receives the server's own output.
	 * @return the log file, gone after {@link #close()}
	 */
	Path log();

	/**
	 * Shuts the server down in good order, without waiting for its clients, and keeps its
	 * data. Does nothing when it isn't running.
	 */
	void stop();

	/**
	 * Ends the server at once, as a crash does: clients are not told and nothing is
	 * written. The data is kept. Does nothing when it isn't running.
	 */
	void kill();

	/**
	 * Starts the server again with the same port and data, stopping it first if it runs.
	 * Returns when it accepts connections.
	 * @throws ServerStartException if it doesn't come up; the message ends with its log
	 */
	void restart();

	/**
	 * Ends the server and removes its data. The server can't be started again.
	 */
	@Override
	void close();

}
