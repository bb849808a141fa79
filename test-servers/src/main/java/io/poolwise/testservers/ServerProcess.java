package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The operating system process of one server, which can be ended and started again. Not
 * safe for use by several threads, but for {@link #isRunning()}.
 */
final class ServerProcess {

	private static final long POLL_MILLIS = 20;

	private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

	private static final int LOG_LINES = 100;

	private final String name;

	private final Path directory;

	private final ServerUser user;

	private final List<String> command;

	private final Map<String, String> environment;

	private volatile @Nullable Process process;

	private long logStart;

	private CompletableFuture<Void> exit = CompletableFuture.completedFuture(null);

	/**
	 * Describes the process without starting it.
	 * @param name the server's name in messages
	 * @param directory the server's own folder: working directory, home, log
	 * @param user who to run as
	 * @param command the program and its arguments, which must stay in the foreground
	 * @param environment variables beyond the basic ones; nothing else of this JVM's
	 * environment is passed on
	 */
	ServerProcess(String name, Path directory, ServerUser user, List<String> command, Map<String, String> environment) {
		this.name = name;
		this.directory = directory;
		this.user = user;
		this.command = List.copyOf(command);
		this.environment = Map.copyOf(environment);
	}

	String name() {
		return this.name;
	}

	Path directory() {
		return this.directory;
	}

	Path log() {
		return this.directory.resolve("server.log");
	}

	boolean isRunning() {
		Process current = this.process;
		return current != null && current.isAlive();
	}

	/**
	 * Starts the process and waits until it is ready.
	 * @param ready asked again and again whether the server can be used
	 * @param patience how long to wait
	 * @throws ServerStartException if the process ends or isn't ready in time; it is gone
	 * then
	 */
	void start(BooleanSupplier ready, Duration patience) {
		this.process = launch();
		boolean up = false;
		try {
			await(ready, patience);
			up = true;
		}
		finally {
			if (!up) {
				end("KILL", KILL_PATIENCE);
			}
		}
	}

	/**
	 * Waits for something that the running process does.
	 * @param condition asked again and again whether it is done
	 * @param patience how long to wait
	 * @throws ServerStartException if the process ends or doesn't do it in time
	 */
	void await(BooleanSupplier condition, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		Process running = this.process;
		if (running == null) {
			throw new IllegalStateException(this.name + " was never started");
		}
		try {
			do {
				if (running.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
					throw new ServerStartException(this.name + " ended with status " + running.exitValue() + logTail());
				}
				if (condition.getAsBoolean()) {
					return;
				}
			}
			while (System.nanoTime() < deadline);
			throw new ServerStartException(this.name + " isn't ready after " + patience.toSeconds() + " s" + logTail());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ServerStartException("Interrupted while " + this.name + " was starting", ex);
		}
	}

	/**
	 * Runs the process to its end.
	 * @param patience how long to wait
	 * @throws ServerStartException if it fails or takes longer
	 */
	void run(Duration patience) {
		Process started = launch();
		this.process = started;
		if (!await(started, patience)) {
			end("KILL", KILL_PATIENCE);
			throw new ServerStartException(this.name + " isn't done after " + patience.toSeconds() + " s" + logTail());
		}
		this.exit.join();
		if (started.exitValue() != 0) {
			throw new ServerStartException(this.name + " failed with status " + started.exitValue() + logTail());
		}
	}

	/**
	 * Ends the process, in the end by force.
	 * @param signal the name of the signal to send, without {@code SIG}
	 * @param patience how long to wait before the kernel is told to end it
	 */
	void end(String signal, Duration patience) {
		Process current = this.process;
		if (current == null) {
			return;
		}
		if (current.isAlive()) {
			signal(current, signal);
			if (!await(current, patience)) {
				current.destroyForcibly();
				if (!await(current, KILL_PATIENCE)) {
					throw new IllegalStateException(this.name + " (process " + current.pid() + ") can't be ended");
				}
			}
		}
		this.exit.join();
	}

	/**
	 * Whether the process has written something since it was last started.
	 * @param text what to look for
	 * @return {@code true} if the log contains it
	 */
	boolean hasLogged(String text) {
		try {
			byte[] log = Files.readAllBytes(log());
			int start = (int) Math.min(this.logStart, log.length);
			return new String(log, start, log.length - start, StandardCharsets.UTF_8).contains(text);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private Process launch() {
		List<String> line = new ArrayList<>(
				List.of("sh", "-c", ": >\"$0/$$.running\" && exec \"$@\"", this.directory.toString()));
		line.addAll(this.user.command(this.command));
		ProcessBuilder builder = new ProcessBuilder(line).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
		Map<String, String> variables = builder.environment();
		variables.keySet().retainAll(List.of("PATH", "TZ", "LD_LIBRARY_PATH"));
		variables.put("HOME", this.directory.toString());
		variables.put("LC_ALL", "C");
		variables.putAll(this.environment);
		try {
			this.logStart = Files.exists(log()) ? Files.size(log()) : 0;
			Process started = builder.start();
			this.exit = started.onExit().thenAccept(this::forget);
			return started;
		}
		catch (IOException ex) {
			throw new ServerStartException("The system can't start " + this.name, ex);
		}
	}

	private static void signal(Process target, String signal) {
		try {
			await(new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(target.pid()))
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start(), KILL_PATIENCE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean await(Process target, Duration patience) {
		boolean interrupted = false;
		try {
			long deadline = System.nanoTime() + patience.toNanos();
			while (true) {
				try {
					return target.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					// a server must not outlive its test because somebody is in a hurry
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void forget(Process ended) {
		try {
			Files.deleteIfExists(this.directory.resolve(ended.pid() + ".running"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The last lines that the server wrote, for a message.
	 * @return text to append to a sentence
	 */
	String logTail() {
		try {
			List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
			List<String> tail = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
			return ". Its log ends with:\n  " + String.join("\n  ", tail);
		}
		catch (IOException ex) {
			return " and left no log (" + ex.getMessage() + ")";
		}
	}

}
