package io.poolwise.sample.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Goals}.
 */
class GoalsTests {

	private final Map<String, List<Measurement>> measured = new LinkedHashMap<>();

	@Test
	void judgesNobodyButOurs() {
		add("stock", Map.of("failed", 3.0));
		assertThat(lines()).isEmpty();
	}

	@Test
	void missesWhatFailedInAnyRound() {
		add("poolwise-leases", Map.of("failed", 0.0));
		add("poolwise-leases", Map.of("failed", 1.0));
		assertThat(lines()).singleElement()
			.asString()
			.contains("**missed**: all completed, nothing failed, no start either");
	}

	@Test
	void missesASessionAboveTheBudget() {
		add("poolwise-leases", Map.of("settled sessions", 87.0, "highest sessions", 88.0));
		assertThat(lines()).singleElement()
			.asString()
			.contains("met: at most 87 sessions of 87; met: 88 of 97 with those that were only connecting");
		add("poolwise-leases", Map.of("settled sessions", 88.0, "highest sessions", 97.0));
		assertThat(lines()).singleElement()
			.asString()
			.contains("**missed**: at most 88 sessions of 87; **missed**: 97 of 97");
	}

	@Test
	void wantsNearlyTheThroughputOfTheOracle() {
		add("oracle (24)", Map.of("completed/s", 100.0));
		add("poolwise-fixed", Map.of("completed/s", 94.0));
		add("poolwise-leases", Map.of("completed/s", 96.0));
		assertThat(lines().get(0)).contains("**missed**: throughput 0.94 of the oracle");
		assertThat(lines().get(1)).contains("met: throughput 0.96 of the oracle");
	}

	@Test
	void wantsMoreThanEachStaticSizeWhereThereIsNoOracle() {
		add("static-12", Map.of("completed/s", 90.0));
		add("static-16", Map.of("completed/s", 100.0));
		add("poolwise-leases", Map.of("completed/s", 100.0));
		assertThat(lines()).singleElement()
			.asString()
			.contains("**missed**: throughput 1.00 of the best static size, `static-16`");
	}

	@Test
	void comparesTimesWithThoseThatComplete() {
		add("stock", Map.of("p99 ms", 1.0, "failed", 5.0));
		add("oversized", Map.of("p99 ms", 200.0));
		add("poolwise-leases", Map.of("p99 ms", 100.0));
		assertThat(lines()).singleElement().asString().contains("met: p99 0.50 of that of the best other, `oversized`");
	}

	@Test
	void comparesTimesWithNobodyWhoseInstancesDoNotStart() {
		add("stock", Map.of("p99 ms", 500.0));
		add("oversized", Map.of("p99 ms", 50.0, "failed starts", 3.0));
		add("poolwise-leases", Map.of("p99 ms", 100.0));
		assertThat(lines()).singleElement().asString().contains("met: p99 0.20 of that of the best other, `stock`");
	}

	@Test
	void letsOneWithABoundRefuseButNothingElse() {
		add("poolwise-max-pending", Map.of("refused", 10.0, "timed out", 0.0));
		assertThat(lines()).singleElement().asString().contains("met: nothing failed but what was refused");
		add("poolwise-max-pending", Map.of("timed out", 1.0));
		assertThat(lines()).singleElement().asString().contains("**missed**: nothing failed but what was refused");
	}

	private void add(String contender, Map<String, Double> values) {
		Map<String, Double> all = new LinkedHashMap<>(Map.of("failed", 0.0, "refused", 0.0, "completed/s", 1.0,
				"p99 ms", 1.0, "highest sessions", 1.0, "settled sessions", 1.0, "timed out", 0.0));
		all.putAll(values);
		this.measured.computeIfAbsent(contender, (any) -> new ArrayList<>())
			.add(new Measurement("fleet", contender, 1, all, List.of(), List.of()));
	}

	private List<String> lines() {
		return new Goals(this.measured).lines();
	}

}
