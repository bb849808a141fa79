package io.poolwise.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of {@code docs/metrics.md} is what the code registers, no more and no less.
 */
class MetricsDocumentationTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "metrics.md");

	@Test
	void everyMeterIsInTheTableAndNoOther() throws IOException {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (StubPools pools = new StubPools(StubPools.THREE);
				PoolMeters meters = new PoolMeters(pools.governor());
				FleetMeters fleet = new FleetMeters(pools.governor(), "prod");
				ReplicaMeters replica = new ReplicaMeters(pools.governor(), "read-replica")) {
			pools.admit("primary");
			meters.bindTo(registry);
			fleet.bindTo(registry);
			replica.bindTo(registry);
			String scraped = registry.scrape();
			List<String> rows = registry.getMeters()
				.stream()
				.map((meter) -> row(registry, meter, scraped))
				.distinct()
				.toList();
			List<String> documented = Files.readAllLines(DOCUMENT)
				.stream()
				.filter((line) -> line.startsWith("| `pool."))
				.toList();
			assertThat(documented).as("rows of %s", DOCUMENT).containsExactlyInAnyOrderElementsOf(rows);
		}
	}

	private static String row(PrometheusMeterRegistry registry, Meter meter, String scraped) {
		Meter.Id id = meter.getId();
		String type = (id.getType() == Meter.Type.COUNTER) ? "counter" : "gauge";
		String exported = id.getConventionName(registry.config().namingConvention());
		String name = (type.equals("counter") && !exported.endsWith("_total")) ? exported + "_total" : exported;
		assertThat(scraped).contains("# TYPE " + name + " " + type);
		String tags = id.getTags().stream().map(Tag::getKey).map("`%s`"::formatted).collect(Collectors.joining(", "));
		String unit = (id.getBaseUnit() != null) ? id.getBaseUnit() : "";
		return String.format(Locale.ROOT, "| `%s` | `%s` | %s | %s | %s | %s |", id.getName(), name, type, tags, unit,
				id.getDescription());
	}

}
