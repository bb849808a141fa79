package io.poolwise.sample.watch;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboards are what Grafana's own schema says that a dashboard is.
 */
class DashboardSchemaTests {

	static final List<String> names = Dashboard.NAMES;

	/**
	 * What the Prometheus data source reads from an annotation, which the schema leaves
	 * to each data source.
	 */
	private static final List<String> PROMETHEUS = List.of("expr", "step", "titleFormat", "textFormat");

	@ParameterizedTest
	@FieldSource("names")
	void dashboardIsValid(String name) throws IOException {
		JsonNode json = Dashboard.read(name).json();
		assertThat(schema().validate(withoutDataSource(json))).isEmpty();
	}

	@ParameterizedTest
	@FieldSource("names")
	void whatGrafanaDoesNotKnowIsFound(String name) throws IOException {
		JsonNode json = withoutDataSource(Dashboard.read(name).json());
		((ObjectNode) json.path("panels").path(1)).put("tittle", "a mistake");
		assertThat(schema().validate(json)).isNotEmpty();
	}

	@ParameterizedTest
	@FieldSource("names")
	void panelsHaveATitleAWordOfExplanationAndAPlaceOfTheirOwn(String name) {
		Set<Integer> ids = new HashSet<>();
		Set<String> places = new HashSet<>();
		for (JsonNode panel : Dashboard.read(name).json().path("panels")) {
			assertThat(ids.add(panel.path("id").asInt())).isTrue();
			assertThat(panel.path("title").asString()).isNotBlank();
			if (!panel.path("type").asString().equals("row")) {
				assertThat(panel.path("description").asString()).as(panel.path("title").asString()).isNotBlank();
			}
			JsonNode place = panel.path("gridPos");
			assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
			for (int x = place.path("x").asInt(); x < place.path("x").asInt() + place.path("w").asInt(); x++) {
				for (int y = place.path("y").asInt(); y < place.path("y").asInt() + place.path("h").asInt(); y++) {
					assertThat(places.add(x + ":" + y)).as(panel.path("title").asString()).isTrue();
				}
			}
		}
	}

	private static JsonNode withoutDataSource(JsonNode json) {
		for (JsonNode annotation : json.path("annotations").path("list")) {
			((ObjectNode) annotation).remove(PROMETHEUS);
		}
		return json;
	}

	private static Schema schema() throws IOException {
		try (InputStream schema = DashboardSchemaTests.class.getResourceAsStream("/grafana/dashboard.schema.json")) {
			return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(schema);
		}
	}

}
