package io.poolwise.sample.load.traffic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import tools.jackson.databind.json.JsonMapper;

/**
 * The process in which Gatling plays the users, seen from outside.
 */
public final class UserProcess implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 180;

	private static final long STEP_MILLIS = 50;

	private final Process process;

	private final Writer commands;

	private final Path here;

	private final Path answers;

	private UserProcess(Process process, Path here, Path answers) {
		this.process = process;
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
		this.here = here;
		this.answers = answers;
	}

	/**
	 * Starts the users.
	 * @param behaviour what they do
	 * @param users how many they are, see {@link Behaviour}
	 * @param think how long they think on average; from nothing to twice that
	 * @param report how long a report holds its connection
	 * @param arrivals for how long more users come
	 * @param products how many products there are to be ordered
	 * @param targets the addresses of the instances
	 * @param folder where the log and the answers go
	 */
	public static UserProcess start(Behaviour behaviour, int users, Duration think, Duration report, Duration arrivals,
			int products, List<String> targets, Path folder) {
		Path answers = folder.resolve("answers.json");
		Path here = folder.resolve("users-are-here");
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC",
				"--add-opens=java.base/java.lang=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				"-Dgatling.data.enableAnalytics=false", "-Dgatling.data.writers.0=console",
				"-Dgatling.http.pooledConnectionIdleTimeout=10000", "-Dload.behaviour=" + behaviour,
				"-Dload.users=" + users, "-Dload.think=" + think.toMillis(), "-Dload.report=" + report.toMillis(),
				"-Dload.seconds=" + arrivals.toSeconds(), "-Dload.products=" + products, "-Dload.here=" + here,
				"-Dload.targets=" + String.join(" ", targets), "-Dload.answers=" + answers,
				"-Dload.measure-at-once=" + (behaviour == Behaviour.PUSH), "io.gatling.app.Gatling", "--no-reports",
				"--results-folder", folder.toString(), "--simulation", UserSimulation.class.getName()));
		try {
			Files.deleteIfExists(here);
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(folder.resolve("users.log").toFile())
				.start();
			return new UserProcess(process, here, answers);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public long pid() {
		return this.process.pid();
	}

	/** Sends the users to these instances from now on. */
	public void targets(List<String> targets) {
		say("targets " + String.join(" ", targets));
	}

	/** Waits until somebody was answered: Gatling takes its time to start. */
	public void awaitFirst() throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (!Files.exists(this.here)) {
			if (System.nanoTime() > end || this.process.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("nobody was answered, see users.log");
			}
		}
	}

	/** From now on, times count. */
	public void measure() {
		say("measure");
	}

	/** Has the users come to an end. */
	public void stop() {
		say("stop");
	}

	/** Waits until all users are gone. */
	public Answers await() throws InterruptedException {
		if (!this.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("the users are still there after " + PATIENCE_SECONDS + " s");
		}
		if (this.process.exitValue() != 0) {
			throw new IllegalStateException(
					"Gatling ended with status " + this.process.exitValue() + ", see users.log");
		}
		return new JsonMapper().readValue(this.answers, Answers.class);
	}

	private void say(String command) {
		try {
			this.commands.write(command + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
