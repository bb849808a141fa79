package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Prometheus that scrapes what it is told to, every second.
 */
public final class PrometheusServer extends ProcessServer {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final HttpClient client = HttpClient.newHttpClient();

	private PrometheusServer(ServerProcess process, int port) {
		super(process, port, "TERM", "KILL");
	}

	/**
	 * Starts to describe a server.
	 * @return a builder of a server that scrapes nothing
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Asks for the present value of an expression.
	 * @param expression in PromQL
	 * @return the answer of the HTTP API, JSON
	 */
	public String query(String expression) {
		return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
	}

	/**
	 * Asks for the alerts that are pending or fire.
	 * @return the answer of the HTTP API, JSON
	 */
	public String alerts() {
		return get("/api/v1/alerts");
	}

	private String get(String path) {
		URI address = URI.create("http://" + host() + ":" + port() + path);
		try {
			return this.client.send(HttpRequest.newBuilder(address).timeout(PATIENCE).build(), BodyHandlers.ofString())
				.body();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while Prometheus answered", ex);
		}
	}

	@Override
	boolean isReady(ServerProcess process) {
		return process.hasLogged("Server is ready to receive web requests");
	}

	/**
	 * Describes a Prometheus and starts it.
	 */
	public static final class Builder {

		private final List<String> targets = new ArrayList<>();

		private final List<Path> rules = new ArrayList<>();

		private Builder() {
		}

		/**
		 * Adds something to scrape.
		 * @param job the label {@code job}
		 * @param port where it is on loopback
		 * @param path the path of its metrics
		 * @return this builder
		 */
		public Builder scrape(String job, int port, String path) {
			this.targets.add("- job_name: " + job);
			this.targets.add("  metrics_path: " + path);
			this.targets.add("  static_configs: [{targets: ['127.0.0.1:" + port + "']}]");
			return this;
		}

		/**
		 * Adds a file of rules.
		 * @param file alerts or recording rules; it is copied
		 * @return this builder
		 */
		public Builder rules(Path file) {
			this.rules.add(file);
			return this;
		}

		/**
		 * Starts the server.
		 * @return the server, which answers and scrapes
		 * @throws ServerStartException if it doesn't come up, for instance because of a
		 * wrong rule
		 * @throws ServerMissingException if Prometheus isn't on this machine
		 */
		public PrometheusServer start() {
			NativeProgram program = NativeProgram.find("prometheus", "usr/bin/prometheus");
			return ServerHome.create("prometheus", (home) -> {
				String file = home.write("prometheus.yml", configuration(home)).toString();
				String data = home.folder("data").toString();
				return LoopbackPorts.start(0, (port) -> {
					List<String> command = List.of(program.file().toString(), "--config.file=" + file,
							"--storage.tsdb.path=" + data, "--storage.tsdb.retention.time=2h",
							"--web.listen-address=127.0.0.1:" + port);
					PrometheusServer server = new PrometheusServer(
							home.process("Prometheus", command, program.environment()), port);
					server.start();
					return server;
				});
			});
		}

		private List<String> configuration(ServerHome home) {
			List<String> lines = new ArrayList<>();
			lines.add("global: {scrape_interval: 1s, evaluation_interval: 1s}");
			lines.add("rule_files:");
			this.rules.forEach((rule) -> lines.add("- " + home.write(rule.getFileName().toString(), read(rule))));
			lines.add("scrape_configs:");
			lines.addAll(this.targets);
			return lines;
		}

		private static List<String> read(Path file) {
			try {
				return Files.readAllLines(file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
