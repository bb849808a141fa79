package io.poolwise.testservers;

import java.nio.file.Path;
import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A test server in a process of its own. When this JVM is gone, {@code kill -9} included,
 * a small watchdog process ends the server and removes its files.
 */
public abstract class ProcessServer implements TestServer {

	private static final Logger logger = LoggerFactory.getLogger(ProcessServer.class);

	private static final Duration START_PATIENCE = Duration.ofMinutes(2);

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

	private final ServerProcess process;

	private final int port;

	private final String stopSignal;

	private final String killSignal;

	/**
	 * Describes a server without starting it.
	 * @param process its process
	 * @param port the port that it will listen on
	 * @param stopSignal the signal that makes it shut down in good order and not wait for
	 * clients
	 * @param killSignal the signal that makes it end as in a crash
	 */
	ProcessServer(ServerProcess process, int port, String stopSignal, String killSignal) {
		this.process = process;
		this.port = port;
		this.stopSignal = stopSignal;
		this.killSignal = killSignal;
	}

	/**
	 * Whether the starting server can be used. Must not occupy a connection that clients
	 * could miss.
	 * @param process the started process
	 * @return {@code true} once it can
	 */
	abstract boolean isReady(ServerProcess process);

	/**
	 * Ends what else belongs to the server. Called by {@link #close()}, last.
	 */
	void release() {
	}

	final void start() {
		this.process.start(() -> isReady(this.process), START_PATIENCE);
		logger.debug("{} listens on port {}", this.process.name(), this.port);
	}

	/**
	 * Waits until the running server has written something since it was last started.
	 * @param text what to look for in its log
	 * @throws ServerStartException if it ends or takes too long
	 */
	final void awaitLogged(String text) {
		this.process.await(() -> this.process.hasLogged(text), START_PATIENCE);
	}

	@Override
	public final int port() {
		return this.port;
	}

	@Override
	public final boolean isRunning() {
		return this.process.isRunning();
	}

	/**
	 * The file that receives the server's own output.
	 * @return the log file, gone after {@link #close()}
	 */
	public final Path log() {
		return this.process.log();
	}

	@Override
	public final synchronized void stop() {
		this.process.end(this.stopSignal, STOP_PATIENCE);
	}

	/**
	 * Ends the server at once, as a crash does: clients are not told and nothing is
	 * written. The data on disk is kept. Does nothing when it isn't running.
	 */
	public final synchronized void kill() {
		this.process.end(this.killSignal, STOP_PATIENCE);
	}

	@Override
	public final synchronized void restart() {
		stop();
		start();
	}

	@Override
	public final synchronized void close() {
		kill();
		RunDirectory.delete(this.process.directory());
		release();
	}

}
