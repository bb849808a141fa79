package io.poolwise.sample.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be known of {@code compose.yaml} without Docker: that it is YAML, and that its
 * parts fit together and exist.
 */
class ComposeTests {

	private static final Path ROOT = Path.of("..");

	private final Map<String, Map<String, Object>> services = services();

	@Test
	void servicesAreTheOnesToWatchAndThoseThatWatch() {
		assertThat(this.services).containsOnlyKeys("sample", "postgres", "redis", "rabbitmq", "prometheus", "grafana");
		assertThat(this.services.values())
			.allSatisfy((service) -> assertThat((String) service.get("image")).matches("[a-z/-]+:v?\\d[\\w.-]*"));
		assertThat(this.services.get("sample")).extractingByKey("deploy").isEqualTo(Map.of("replicas", 3));
	}

	@Test
	void filesThatAreMountedExistButForTheJarThatIsBuiltFirst() {
		List<String> sources = this.services.values()
			.stream()
			.flatMap((service) -> strings(service.get("volumes")))
			.map((volume) -> volume.split(":", -1)[0])
			.toList();
		assertThat(sources).hasSizeGreaterThan(7).allSatisfy((source) -> {
			assertThat(source).startsWith("./");
			if (source.endsWith(".jar")) {
				assertThat(source).contains("/sample-app/target/poolwise-sample-app-");
			}
			else {
				assertThat(ROOT.resolve(source)).isRegularFile();
			}
		});
	}

	@Test
	void portsAreOnLoopbackOnly() {
		assertThat(this.services.values().stream().flatMap((service) -> strings(service.get("ports")))).hasSize(2)
			.allMatch((port) -> port.startsWith("127.0.0.1:"));
	}

	@Test
	void whatIsWaitedForHasAHealthCheck() {
		Object dependencies = this.services.get("sample").get("depends_on");
		assertThat(((Map<?, ?>) dependencies).keySet())
			.allSatisfy((name) -> assertThat(this.services.get(name)).containsKey("healthcheck"));
	}

	@Test
	void prometheusScrapesTheSampleAndGrafanaFindsPrometheus() throws IOException {
		assertThat(Files.readString(ROOT.resolve("docs/compose/prometheus.yml"))).contains("names: [sample]",
				"port: 8080", "metrics_path: /actuator/prometheus");
		assertThat(Files.readString(ROOT.resolve("docs/compose/grafana-datasource.yml")))
			.contains("url: http://prometheus:9090");
	}

	private static Stream<String> strings(Object values) {
		return (values instanceof Collection<?> collection) ? collection.stream().map(String.class::cast)
				: Stream.empty();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Map<String, Object>> services() {
		try {
			Map<String, Object> compose = new Yaml(new SafeConstructor(new LoaderOptions()))
				.load(Files.readString(ROOT.resolve("compose.yaml")));
			return (Map<String, Map<String, Object>>) compose.get("services");
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
