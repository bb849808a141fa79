package io.poolwise.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.poolwise.lease.ModelBounds.Fault;
import io.poolwise.lease.ModelChecker.Result;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Explores every interleaving of {@link LeaseMember} within small bounds.
 * <p>
 * Larger bounds: {@code -Dleases.model=all}, or
 * {@code -Dleases.model=members,slots,faults[,states]}. A changed table of rules:
 * {@code -Dleases.proof=write}.
 */
class LeaseModelTests {

	private static final int MOST = 4_000_000;

	private static final String MODEL = System.getProperty("leases.model", "1,4,1");

	private static final Path PROOF = Path.of("..", "docs", "leases-proof.md");

	@Test
	void allRulesTogetherKeepEveryPropertyInEveryState() {
		assertThat(complete().parallelStream().map((bounds) -> new ModelChecker(bounds, MOST).run()))
			.allSatisfy((result) -> {
				assertThat(result.broken()).as(() -> describe(result)).isNull();
				assertThat(result.complete()).as(() -> result.bounds() + " in " + result.states() + " states").isTrue();
				assertThat(result.goals()).isPositive();
			});
	}

	/**
	 * Those that take a core for minutes are explored with {@code -Dleases.model=all}.
	 */
	static List<ModelBounds> complete() {
		List<ModelBounds> bounds = new ArrayList<>(List.of(
				ModelBounds.of(2, 3, 1)
					.recycles(0)
					.only(Fault.KILL, Fault.DROP_COORDINATOR, Fault.LOSE_COORDINATOR, Fault.DROP_SESSION,
							Fault.CONNECT_TIMEOUT),
				ModelBounds.of(2, 3, 1).recycles(0).withHeadroom().only(Fault.KILL, Fault.LOSE_COORDINATOR),
				ModelBounds.of(2, 5, 0).recycles(0).withHeadroom(), ModelBounds.of(1, 3, 2),
				ModelBounds.of(2, 4, 0).recycles(0), ModelBounds.of(2, 3, 0).recycles(0).slowly(),
				ModelBounds.of(2, 2, 0).seats(2).recycles(0).slowly(),
				ModelBounds.of(2, 4, 0).recycles(0).narrow(2).startingWarm(),
				ModelBounds.of(1, 3, 1).only(Fault.values()).slowly(),
				ModelBounds.of(1, 3, 2).only(Fault.STOP, Fault.COOL_DOWN, Fault.CONNECT_TIMEOUT),
				ModelBounds.of(2, 3, 1).seats(2).recycles(0).only(Fault.STOP),
				ModelBounds.of(2, 3, 0).recycles(0).withSeatsRising().slowly(),
				ModelBounds.of(2, 3, 1).recycles(0).withSeatsRising().only(Fault.KILL)));
		if (MODEL.equals("all")) {
			bounds
				.addAll(List.of(ModelBounds.of(2, 3, 1).recycles(0), ModelBounds.of(2, 3, 1).recycles(0).withHeadroom(),
						ModelBounds.of(2, 4, 0).recycles(0).narrow(2), ModelBounds.of(2, 4, 0).recycles(0).narrow(3)));
		}
		return bounds;
	}

	@Test
	void eachRuleRemovedBreaksAProperty() throws IOException {
		Map<Rule, ModelBounds> bounds = ModelTable.bounds();
		assertThat(bounds).containsOnlyKeys(Rule.values());
		Map<Rule, Result> results = new EnumMap<>(bounds.entrySet()
			.parallelStream()
			.collect(Collectors.<Map.Entry<Rule, ModelBounds>, Rule, Result>toMap(Map.Entry::getKey,
					(within) -> new ModelChecker(within.getValue().without(within.getKey()), MOST).run())));
		results.forEach((rule, result) -> assertThat(result.broken()).as(rule.name()).isNotNull());
		String proof = ModelReport.of(bounds, results);
		if ("write".equals(System.getProperty("leases.proof"))) {
			Files.writeString(PROOF, proof);
		}
		assertThat(PROOF).as("in step; else run with -Dleases.proof=write").content().isEqualTo(proof);
	}

	@Test
	void boundsOfTheTableBreakNothingWhileAllRulesAreKept() {
		Set<ModelBounds> distinct = new LinkedHashSet<>(ModelTable.bounds().values());
		assertThat(distinct.parallelStream().map((bounds) -> new ModelChecker(bounds, 60_000).run()))
			.allSatisfy((result) -> assertThat(result.broken()).as(() -> describe(result)).isNull());
	}

	@Test
	void everyFaultHappensInSomeRun() {
		Set<Fault> seen = EnumSet.noneOf(Fault.class);
		for (Fault fault : Fault.values()) {
			Result with = new ModelChecker(ModelBounds.of(1, 3, 1).only(fault).recycles(0), MOST).run();
			Result without = new ModelChecker(ModelBounds.of(1, 3, 0).recycles(0), MOST).run();
			if (with.states() > without.states()) {
				seen.add(fault);
			}
		}
		assertThat(seen).containsExactlyInAnyOrder(Fault.values());
	}

	@Test
	void boundsOfTheCommandLineBreakNothing() {
		String property = MODEL.equals("all") ? "1,4,1" : MODEL;
		int[] numbers = Arrays.stream(property.split(",")).mapToInt(Integer::parseInt).toArray();
		ModelBounds bounds = ModelBounds.of(numbers[0], numbers[1], numbers[2]).only(Fault.values());
		Result result = new ModelChecker(bounds, (numbers.length > 3) ? numbers[3] : MOST).run();
		System.out.println(result.states() + " states, complete " + result.complete() + ", " + describe(result));
		assertThat(result.broken()).as(() -> describe(result)).isNull();
	}

	private static String describe(Result result) {
		return result.bounds() + ": " + result.broken() + " after " + result.trace().size() + " steps:\n"
				+ String.join("\n", result.trace());
	}

}
