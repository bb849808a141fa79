package io.poolwise.sample.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Grafana dashboard of {@code docs/grafana}.
 *
 * @param name the file's name, without its ending
 * @param json its content
 */
record Dashboard(String name, JsonNode json) {

	static final List<String> NAMES = List.of("fleet", "instance");

	static final Path DIRECTORY = Path.of("..", "docs", "grafana");

	static Dashboard read(String name) {
		try {
			return new Dashboard(name, new JsonMapper().readTree(Files.readString(DIRECTORY.resolve(name + ".json"))));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What the panels ask, with something for each variable.
	 * @return the queries, by the panel's title
	 */
	List<Query> queries() {
		List<Query> queries = new ArrayList<>();
		for (JsonNode panel : this.json.path("panels")) {
			for (JsonNode target : panel.path("targets")) {
				queries.add(new Query(this.name + ": " + panel.path("title").asString(),
						concrete(target.path("expr").asString())));
			}
		}
		return queries;
	}

	/**
	 * What the annotations ask.
	 * @return the queries
	 */
	List<Query> annotations() {
		List<Query> queries = new ArrayList<>();
		for (JsonNode annotation : this.json.path("annotations").path("list")) {
			queries.add(new Query(this.name + ": " + annotation.path("name").asString(),
					concrete(annotation.path("expr").asString())));
		}
		return queries;
	}

	private static String concrete(String expression) {
		return expression.replace("$__rate_interval", "30s").replaceAll("\\$(job|instance|pool)", ".*");
	}

	/**
	 * One query.
	 *
	 * @param panel where it is
	 * @param expression in PromQL
	 */
	record Query(String panel, String expression) {
	}

}
