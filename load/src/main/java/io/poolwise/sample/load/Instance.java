package io.poolwise.sample.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A process of the packaged sample, seen from outside.
 */
final class Instance implements AutoCloseable {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final Duration STEP = Duration.ofMillis(100);

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Process process;

	private final Path log;

	private @Nullable String address;

	private Instance(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/**
	 * Starts an instance; returns before it is ready.
	 * @param jar the packaged sample
	 * @param libraries what is added to its class path, may be empty
	 * @param properties its properties
	 * @param log where its output goes
	 */
	static Instance start(Path jar, List<Path> libraries, List<String> properties, Path log) throws IOException {
		List<String> command = new ArrayList<>(List
			.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx384m", "-XX:+UseSerialGC"));
		if (libraries.isEmpty()) {
			command.addAll(List.of("-jar", jar.toString()));
		}
		else {
			command.add("-Dloader.path=" + String.join(",", libraries.stream().map(Path::toString).toList()));
			command.addAll(List.of("-cp", jar.toString(), "org.springframework.boot.loader.launch.PropertiesLauncher"));
		}
		command.addAll(List.of("--server.port=0", "--server.tomcat.accept-count=4000",
				"--management.endpoint.health.probes.enabled=true"));
		properties.forEach((property) -> command.add("--" + property));
		return new Instance(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
				log);
	}

	long pid() {
		return this.process.pid();
	}

	String address() {
		if (this.address == null) {
			throw new IllegalStateException("not ready yet");
		}
		return this.address;
	}

	/**
	 * Waits until the instance accepts traffic.
	 * @return whether it does; {@code false} if its start failed
	 */
	boolean awaitReady() throws IOException, InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (System.nanoTime() < deadline) {
			if (this.address == null) {
				Matcher matcher = PORT.matcher(Files.readString(this.log));
				this.address = matcher.find() ? "http://127.0.0.1:" + matcher.group(1) : null;
			}
			else if (isReady()) {
				return true;
			}
			if (this.process.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
				return false;
			}
		}
		throw new IllegalStateException("not ready after " + PATIENCE.toSeconds() + " s: see " + this.log);
	}

	private boolean isReady() throws InterruptedException {
		try {
			return get("/actuator/health/readiness", 200) != null;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** What the instance answers, {@code null} if it has another status. */
	@Nullable String get(String path, int status) throws IOException, InterruptedException {
		var answer = CLIENT.send(
				HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(20)).build(),
				BodyHandlers.ofString());
		return (answer.statusCode() == status) ? answer.body() : null;
	}

	/** Asks the instance to end as Kubernetes does: it may finish what it does. */
	void stop() {
		this.process.destroy();
	}

	/** Waits until the instance has ended, which takes 40 s at most. */
	void awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(40, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
