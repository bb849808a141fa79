package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Plays all lease scenarios and prints their table:
 * {@code mvn -pl autoconfigure -am -Pscenarios verify}, on one server with
 * {@code -Dservers=MariaDB}, some of them with {@code -Dscenarios=SCALE,CUT}. It takes
 * about six minutes a server.
 */
class LeaseScenariosRun {

	private static final List<String> ROWS = new ArrayList<>();

	static List<Arguments> runs() {
		List<String> wanted = List.of(System.getProperty("scenarios", "").split(","));
		List<Arguments> runs = new ArrayList<>();
		for (String server : System.getProperty("servers", "PostgreSQL,MariaDB").split(",")) {
			for (LeaseScenarios scenario : LeaseScenarios.values()) {
				if (wanted.contains("") || wanted.contains(scenario.name())) {
					runs.add(Arguments.of(server, scenario));
				}
			}
		}
		return runs;
	}

	@ParameterizedTest
	@MethodSource("runs")
	void nobodyIsRefusedAndTheFleetStaysWithinItsBudget(String server, LeaseScenarios scenario) throws Exception {
		LeaseFleet.Result result = scenario.run(server.equals("MariaDB"));
		ROWS.add(result.row());
		System.out.println(result.row() + " " + result.lastFailure());
		assertThat(result.refused()).isZero();
		assertThat(result.highest()).isLessThanOrEqualTo(result.budget() + result.excess());
	}

	@AfterAll
	static void printTable() {
		System.out.println("\n" + LeaseScenarios.head());
		ROWS.forEach(System.out::println);
	}

}
