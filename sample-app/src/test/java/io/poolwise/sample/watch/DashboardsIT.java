package io.poolwise.sample.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.poolwise.testservers.PrometheusServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the dashboards and rules ask, asked of a real Prometheus that scrapes the running
 * sample with users in it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sample.traffic.enabled=true", "sample.traffic.users=3", "sample.traffic.think-time=100ms",
				"management.prometheus.metrics.export.enabled=true" })
@ActiveProfiles("test")
class DashboardsIT {

	private static final Path RULES = Path.of("..", "docs", "prometheus");

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final JsonMapper json = new JsonMapper();

	private PrometheusServer prometheus;

	@BeforeEach
	void startPrometheus(@LocalServerPort int port) {
		this.prometheus = PrometheusServer.builder()
			.scrape("orders", port, "/actuator/prometheus")
			.rules(RULES.resolve("recording.yml"))
			.rules(RULES.resolve("alerts.yml"))
			.start();
	}

	@AfterEach
	void stopPrometheus() {
		this.prometheus.close();
	}

	@Test
	void eachPanelShowsSomething() {
		List<Dashboard.Query> queries = new ArrayList<>(Dashboard.NAMES.stream()
			.flatMap((name) -> Dashboard.read(name).queries().stream())
			.distinct()
			.toList());
		assertThat(queries).hasSizeGreaterThan(40);
		Stream
			.of("fleet:pool_instances:count == 1", "fleet:pool_size_connections:sum", "fleet:pool_used_connections:sum",
					"fleet:pool_pending_callers:sum", "fleet:pool_target_connections:sum",
					"fleet:pool_budget_connections:min", "fleet:pool_budget_used:ratio", "fleet:pool_server_used:ratio",
					"fleet:pool_turned_away_callers:rate5m")
			.map((rule) -> new Dashboard.Query("recording rule", rule))
			.forEach(queries::add);
		await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
			queries.removeIf(this::hasNumber);
			assertThat(queries).isEmpty();
		});
		for (String name : Dashboard.NAMES) {
			assertThat(Dashboard.read(name).annotations()).isNotEmpty()
				.allSatisfy((query) -> assertThat(ask(query).path("status").asString()).isEqualTo("success"));
		}
	}

	private boolean hasNumber(Dashboard.Query query) {
		JsonNode answer = ask(query);
		assertThat(answer.path("status").asString()).as(query + " " + answer).isEqualTo("success");
		for (JsonNode sample : answer.path("data").path("result")) {
			if (!sample.path("value").path(1).asString().equals("NaN")) {
				return true;
			}
		}
		return false;
	}

	private JsonNode ask(Dashboard.Query query) {
		return this.json.readTree(this.prometheus.query(query.expression()));
	}

}
