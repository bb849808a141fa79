package io.poolwise.autoconfigure;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the endpoints answer, and what, over HTTP.
 */
class EndpointPathsTests {

	private static final String H2 = "spring.datasource.url=jdbc:h2:mem:paths";

	@ParameterizedTest
	@CsvSource({ "SERVLET, /actuator, false", "SERVLET, /, false", "SERVLET, /actuator, true", "SERVLET, /, true",
			"REACTIVE, /actuator, false", "REACTIVE, /, false", "REACTIVE, /actuator, true", "REACTIVE, /, true" })
	void answersBesideTheStandardMeters(WebApplicationType type, String base, boolean portOfItsOwn) throws Exception {
		String prefix = base.equals("/") ? "" : base;
		List<String> properties = List.of(H2, "management.endpoints.web.base-path=" + base,
				"management.server.port=" + (portOfItsOwn ? "0" : ""),
				"management.endpoint.health.show-components=always",
				"management.endpoints.web.exposure.include=health,prometheus,dbpool,pools,metrics");
		try (HttpApplication application = HttpApplication.run(type, properties)) {
			assertThat(application.manage(prefix + "/metrics/db-pool").statusCode()).isEqualTo(200);
			assertThat(application.json(prefix + "/metrics/db-pool").at("/primary/max_size").asInt()).isEqualTo(20);
			assertThat(application.json(prefix + "/metrics/pool.max").at("/measurements/0/value").asInt())
				.isEqualTo(20);
			assertThat(application.json(prefix + "/pools").at("/pools/0/name").asString()).isEqualTo("primary");
			assertThat(application.json(prefix + "/health/db/primary").at("/status").asString()).isEqualTo("UP");
			application.context().getBean(DataSource.class).getConnection().close();
			assertThat(application.json(prefix + "/metrics").at("/names").toString()).contains("hikaricp.connections");
			assertThat(application.manage(prefix + "/dbpool").statusCode()).isEqualTo(404);
			if (portOfItsOwn) {
				assertThat(application.get(prefix + "/metrics/db-pool").statusCode()).isEqualTo(404);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET, /actuator", "SERVLET, /", "REACTIVE, /actuator", "REACTIVE, /" })
	void aBrowserGetsAPageWithAllItNeedsUnderTheSamePath(WebApplicationType type, String base) throws Exception {
		String prefix = base.equals("/") ? "" : base;
		try (HttpApplication application = HttpApplication.run(type,
				List.of(H2, "management.endpoints.web.base-path=" + base,
						"management.endpoints.web.path-mapping.pools=eyes/pond"))) {
			String path = prefix + "/eyes/pond";
			HttpResponse<String> page = application.manage(path, "Accept",
					"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
			assertThat(page.headers().firstValue("Content-Type"))
				.hasValueSatisfying((contentType) -> assertThat(contentType).startsWith("text/html"));
			assertThat(page.body()).startsWith("<!doctype html>")
				.doesNotContain("{{", "http://", "https://", "<style", "style=", "onclick", "primary");
			List<String> files = Pattern.compile("(?:src|href)=\"(pond/[^\"]+)\"")
				.matcher(page.body())
				.results()
				.map((match) -> match.group(1))
				.toList();
			assertThat(files).hasSize(5);
			for (String file : files) {
				HttpResponse<String> answer = application.manage(prefix + "/eyes/" + file);
				assertThat(answer.statusCode()).as(file).isEqualTo(200);
				assertThat(answer.headers().firstValue("Content-Type").orElse(""))
					.startsWith(switch (file.substring(file.lastIndexOf('.'))) {
						case ".css" -> "text/css";
						case ".svg" -> "image/svg+xml";
						default -> "text/javascript";
					});
			}
			assertThat(application.json(path + "/history").at("/interval_ms").asInt()).isEqualTo(1000);
			assertThat(application.json(path, "Accept", "application/json").at("/pools/0/name").asString())
				.isEqualTo("primary");
			assertThat(application.manage(path, "Accept", "*/*").body()).startsWith("{");
			assertThat(application.manage(path + "/nothing").statusCode()).isEqualTo(404);
			assertThat(application.manage(path + "/uplot.LICENSE").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void exposedByDefaultAreThePoolsHealthAndPrometheus() throws Exception {
		try (HttpApplication application = HttpApplication.run(WebApplicationType.SERVLET,
				List.of(H2, "spring.application.name=orders"))) {
			assertThat(application.manage("/actuator/metrics/db-pool").headers().firstValue("Content-Type"))
				.hasValueSatisfying((type) -> assertThat(type).contains("json"));
			JsonNode pools = application.json("/actuator/pools");
			assertThat(List.copyOf(pools.propertyNames())).containsExactly("profile", "application", "instance",
					"fleet", "pools", "decisions");
			assertThat(pools.at("/profile").asString()).isEqualTo("dev");
			assertThat(pools.at("/pools/0/reasons/0").asString()).isEqualTo("profile dev: 5 to 20");
			assertThat(application.manage("/actuator/prometheus").body().lines())
				.contains("pool_size_connections{kind=\"database\",pool=\"primary\"} 0.0");
			assertThat(application.json("/actuator/health").at("/status").asString()).isEqualTo("UP");
			assertThat(application.manage("/actuator/env").statusCode()).isEqualTo(404);
			assertThat(application.manage("/actuator/metrics").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void pathThatAnOperatorMapsWins() throws Exception {
		try (HttpApplication application = HttpApplication.run(WebApplicationType.SERVLET,
				List.of(H2, "management.endpoints.web.path-mapping.dbpool=database-pools"))) {
			assertThat(application.manage("/actuator/database-pools").statusCode()).isEqualTo(200);
			assertThat(application.manage("/actuator/metrics/db-pool").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void inProductionReasonsAreForUsersWhoAreLoggedIn() throws Exception {
		try (HttpApplication application = HttpApplication.run(WebApplicationType.SERVLET,
				List.of(H2, "pool.profile=production"))) {
			JsonNode anybody = application.json("/actuator/pools");
			assertThat(List.copyOf(anybody.propertyNames())).containsExactly("profile", "fleet", "pools");
			assertThat(anybody.at("/profile").asString()).isEqualTo("prod");
			assertThat(List.copyOf(anybody.at("/pools/0").propertyNames())).containsExactly("name", "kind", "status",
					"actual", "target");
			JsonNode jane = application.json("/actuator/pools", "X-User", "jane");
			assertThat(jane.at("/pools/0/reasons").size()).isPositive();
			assertThat(jane.at("/instance").asString()).endsWith(":" + ProcessHandle.current().pid());
		}
	}

	@Test
	void inProductionAReactiveApplicationHidesReasons() throws Exception {
		try (HttpApplication application = HttpApplication.run(WebApplicationType.REACTIVE,
				List.of(H2, "pool.profile=prod"))) {
			assertThat(application.manage("/actuator/pools").body()).doesNotContain("reasons", "instance", "decisions");
		}
	}

	@Test
	void jsonDoesNotFollowTheApplicationsOwnStyle() throws Exception {
		try (HttpApplication application = HttpApplication.run(WebApplicationType.SERVLET,
				List.of(H2, "spring.jackson.property-naming-strategy=UPPER_CAMEL_CASE",
						"management.endpoints.jackson.isolated-json-mapper=false"))) {
			assertThat(application.manage("/actuator/metrics/db-pool").body())
				.startsWith("{\"primary\":{\"size\":0,\"free\":0,\"used\":0,\"min_size\":5,\"max_size\":20,");
		}
	}

	@Test
	void nobodyIsAskedOrBorrowedFromToAnswer() throws Exception {
		try (HttpApplication application = HttpApplication.run(WebApplicationType.SERVLET, List.of(H2))) {
			for (String path : new String[] { "/actuator/metrics/db-pool", "/actuator/pools",
					"/actuator/prometheus" }) {
				assertThat(application.manage(path).statusCode()).isEqualTo(200);
			}
			PoolGovernor governor = application.context().getBean(PoolGovernor.class);
			assertThat(governor.pools().get(0).actual().size()).isZero();
		}
	}

	@Test
	void newcomerHasNoPartOfWhatIsNotUsed() throws Exception {
		try (HttpApplication application = HttpApplication.run(WebApplicationType.SERVLET,
				List.of(H2, "management.endpoint.health.show-details=always"))) {
			JsonNode health = application.json("/actuator/health");
			assertThat(health.at("/components").propertyNames()).contains("db").doesNotContain("redis", "rabbit");
			assertThat(health.at("/components/db/components").propertyNames()).containsExactly("primary");
			assertThat(application.context().getBean(Environment.class).getProperty("pool.profile")).isNull();
			assertThat(application.context().getBeansOfType(PoolGovernor.class)).hasSize(1);
			assertThat(Map.of("up", health.at("/status").asString())).containsValue("UP");
		}
	}

}
