package io.poolwise.testservers;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PrometheusServer}.
 */
class PrometheusServerIT {

	@Test
	void scrapesAnswersAndEnds() {
		PrometheusServer server;
		try (PrometheusServer first = PrometheusServer.builder().start();
				PrometheusServer second = PrometheusServer.builder()
					.scrape("first", first.port(), "/metrics")
					.rules(Path.of("..", "docs", "prometheus", "alerts.yml"))
					.start()) {
			server = second;
			await().atMost(Duration.ofSeconds(30))
				.until(() -> second.query("up{job=\"first\"} == 1").contains("\"job\":\"first\""));
			assertThat(second.alerts()).contains("\"alerts\":[]");
			assertThat(first.query("up")).contains("\"result\":[]");
		}
		assertThat(server.isRunning()).isFalse();
	}

}
