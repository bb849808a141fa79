package io.poolwise.autoconfigure;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The process of a {@link LeaseInstance}, seen from outside.
 */
final class InstanceProcess implements AutoCloseable {

	private final String name;

	private final Process process;

	private final BufferedReader answers;

	private final Writer commands;

	private InstanceProcess(String name, Process process) {
		this.name = name;
		this.process = process;
		this.answers = process.inputReader(StandardCharsets.UTF_8);
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
	}

	/**
	 * Starts an instance; returns before it is ready.
	 * @param name its name, for its log
	 * @param logs the folder of the logs
	 * @param properties its properties
	 */
	static InstanceProcess start(String name, Path logs, List<String> properties) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Xmx160m", "-Xss256k", "-cp", System.getProperty("java.class.path"),
						LeaseInstance.class.getName()));
		command.addAll(properties);
		File log = logs.resolve(name + ".log").toFile();
		return new InstanceProcess(name, new ProcessBuilder(command).redirectError(log).start());
	}

	String name() {
		return this.name;
	}

	void awaitReady() throws IOException {
		String line = this.answers.readLine();
		if (!"ready".equals(line)) {
			throw new IOException(this.name + " did not start: " + line);
		}
	}

	Status status() throws IOException {
		return ask("status");
	}

	Status load(int threads, String sql) throws IOException {
		return ask("load " + threads + " " + sql);
	}

	private Status ask(String command) throws IOException {
		this.commands.write(command + "\n");
		this.commands.flush();
		String[] words = String.valueOf(this.answers.readLine()).split(" ", 6);
		return new Status(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]),
				Integer.parseInt(words[3]), Boolean.parseBoolean(words[4]), words[5]);
	}

	void signal(String signal) throws Exception {
		new ProcessBuilder("kill", "-" + signal, String.valueOf(this.process.pid())).start()
			.waitFor(5, TimeUnit.SECONDS);
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
	}

	/**
	 * Stops the instance in order.
	 */
	void stop() throws Exception {
		this.commands.write("stop\n");
		this.commands.flush();
		this.process.waitFor(Duration.ofSeconds(40).toSeconds(), TimeUnit.SECONDS);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	@Override
	public void close() throws Exception {
		kill();
	}

	/**
	 * How an instance is.
	 *
	 * @param done statements that it has completed
	 * @param failedBorrows borrows that failed
	 * @param failedStatements statements that failed
	 * @param sessions connections that its leases allow
	 * @param degraded whether it can't take part at present
	 * @param lastFailure what the last failed borrow said
	 */
	record Status(long done, long failedBorrows, long failedStatements, int sessions, boolean degraded,
			String lastFailure) {
	}

}
