package io.poolwise.faults;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An instance in a process of its own, which can be frozen and killed.
 */
public final class ProcessInstance implements Instance {

	private static final long START_SECONDS = 120;

	private static final long ANSWER_SECONDS = 40;

	private final Process process;

	private final Path file;

	private final BufferedReader answers;

	private final Writer commands;

	private int carried;

	private boolean killed;

	private ProcessInstance(Process process, Path file) {
		this.process = process;
		this.file = file;
		this.answers = process.inputReader(StandardCharsets.UTF_8);
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
	}

	/**
	 * Starts an instance and waits until it is ready.
	 * @param java the {@code java} program to use
	 * @param classPath the class path
	 * @param options options of the JVM
	 * @param name the path of the instance's files, without an extension
	 * @param application the application's class
	 * @param properties its properties
	 */
	static ProcessInstance start(Path java, String classPath, List<String> options, Path name, Class<?> application,
			List<String> properties) throws IOException {
		Path file = name.resolveSibling(name.getFileName() + ".operations");
		Files.deleteIfExists(file);
		Files.createFile(file);
		List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
				"-Xmx160m", "-cp", classPath, "-Dfaults.log=" + name + ".log"));
		command.addAll(options);
		command.addAll(List.of(ProcessMain.class.getName(), file.toString(), application.getName()));
		command.addAll(properties);
		Process process = new ProcessBuilder(command)
			.redirectError(name.resolveSibling(name.getFileName() + ".err").toFile())
			.start();
		ProcessInstance instance = new ProcessInstance(process, file);
		String answer = instance.answer(START_SECONDS);
		if (!"ready".equals(answer)) {
			process.destroyForcibly();
			throw new IOException("The instance did not start, see " + name + ".log");
		}
		return instance;
	}

	/**
	 * Freezes the process.
	 */
	public void freeze() {
		signal("STOP");
	}

	/**
	 * Lets a frozen process go on.
	 */
	public void thaw() {
		signal("CONT");
	}

	/**
	 * Ends the process as {@code kill -9} does. What it had not finished isn't counted.
	 */
	public void kill() {
		this.killed = true;
		try {
			this.process.destroyForcibly().waitFor(ANSWER_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void signal(String signal) {
		try {
			new ProcessBuilder("kill", "-" + signal, Long.toString(this.process.pid())).start()
				.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void callers(int count, Duration pace, Work work) {
		tell("callers " + count + " " + pace.toNanos() + " " + encode(work));
	}

	@Override
	public void carry(int count, Work work) {
		this.carried += count;
		tell("carry " + count + " 0 " + encode(work));
	}

	@Override
	public int carried() {
		if (this.killed) {
			return 0;
		}
		long done = operations().stream().filter((operation) -> operation.kind() == Operation.Kind.CARRIED).count();
		return this.carried - (int) done;
	}

	@Override
	public List<Operation> operations() {
		try {
			String content = Files.readString(this.file);
			return content.substring(0, content.lastIndexOf('\n') + 1).lines().map(Operation::parse).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void stopCallers() {
		if (!this.killed && this.process.isAlive()) {
			tell("stop");
			answer(ANSWER_SECONDS);
		}
	}

	@Override
	public void close() {
		try {
			if (this.process.isAlive()) {
				tell("close");
				this.process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS);
			}
		}
		catch (UncheckedIOException ex) {
			// it died meanwhile
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
		}
	}

	private void tell(String command) {
		try {
			this.commands.write(command + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String answer(long seconds) {
		CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
			try {
				return String.valueOf(this.answers.readLine());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, (task) -> Callers.daemon(task).start());
		try {
			return line.get(seconds, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			return "nothing: " + ex;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "interrupted";
		}
	}

	private static String encode(Work work) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(work);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

}
