package io.poolwise.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link PostMortem}.
 */
class PostMortemTests {

	private static final Duration WAITED = Duration.ofSeconds(5);

	private static final Duration LONG = Duration.ofSeconds(6);

	private static final Duration SHORT = Duration.ofMillis(20);

	static Stream<Arguments> verdicts() {
		return Stream.of(
				arguments(Verdict.SERVER_FULL,
						facts(6, ConnectTrouble.SERVER_FULL, held(6, HolderActivity.IDLE, LONG))),
				arguments(Verdict.SERVER_DOWN, facts(0, ConnectTrouble.SERVER_DOWN, List.of())),
				arguments(Verdict.SERVER_DOWN, facts(0, ConnectTrouble.NONE, List.of())),
				arguments(Verdict.SERVER_REFUSES, facts(0, ConnectTrouble.REFUSED, List.of())),
				arguments(Verdict.LEAK, full(held(10, HolderActivity.IDLE, LONG))),
				arguments(Verdict.LEAK, full(held(10, HolderActivity.GONE, LONG))),
				arguments(Verdict.LEAK, full(outlasting(held(10, HolderActivity.WAITING, LONG)))),
				arguments(Verdict.NESTED, full(held(10, HolderActivity.WAITING, LONG))),
				arguments(Verdict.SLOW_STATEMENTS, full(held(10, HolderActivity.IN_DRIVER, LONG))),
				arguments(Verdict.BUSY_ELSEWHERE, full(held(10, HolderActivity.ELSEWHERE, LONG))),
				arguments(Verdict.UNDERSIZED, full(held(10, HolderActivity.IN_DRIVER, SHORT))),
				arguments(Verdict.COLD, facts(4, ConnectTrouble.NONE, held(4, HolderActivity.IN_DRIVER, SHORT))),
				arguments(Verdict.UNKNOWN, full(List.of())));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("verdicts")
	void factsHaveTheirVerdict(Verdict verdict, Exhaustion facts) {
		PostMortem postMortem = PostMortem.of(facts);
		assertThat(postMortem.verdict()).isEqualTo(verdict);
		assertThat(postMortem.reasons()).isNotEmpty().doesNotContain("");
		assertThat(postMortem.sentence()).startsWith("Verdict: " + verdict.id() + ", since ");
	}

	@Test
	void everyVerdictHasFacts() {
		Set<Object> tested = new TreeSet<>();
		verdicts().forEach((each) -> tested.add(each.get()[0]));
		assertThat(tested).containsExactlyElementsOf(Arrays.asList(Verdict.values()));
	}

	@Test
	void mostOfThoseThatHoldLongDecide() {
		List<ConnectionHolder> holders = held(3, HolderActivity.IN_DRIVER, LONG);
		holders.addAll(held(4, HolderActivity.IDLE, LONG));
		holders.addAll(held(3, HolderActivity.ELSEWHERE, SHORT));
		PostMortem postMortem = PostMortem.of(full(holders));
		assertThat(postMortem.verdict()).isEqualTo(Verdict.LEAK);
		assertThat(postMortem.reasons()).containsExactly(
				"4 of 10 connections have been held for 1000 ms or more by threads that have ended or gone on to other work",
				"3 of 10 connections have been held for 1000 ms or more by threads that are in the driver");
	}

	@Test
	void fewThatHoldLongMakeNoLeak() {
		List<ConnectionHolder> holders = held(4, HolderActivity.IDLE, LONG);
		holders.addAll(held(6, HolderActivity.IN_DRIVER, SHORT));
		assertThat(PostMortem.of(full(holders)).verdict()).isEqualTo(Verdict.UNDERSIZED);
	}

	@Test
	void failedConnectsExplainNothingWhileThePoolHasAllItMayHave() {
		assertThat(PostMortem.of(facts(10, ConnectTrouble.SERVER_FULL, held(10, HolderActivity.IN_DRIVER, LONG)))
			.verdict()).isEqualTo(Verdict.SLOW_STATEMENTS);
	}

	@Test
	void longIsHalfOfAShortWait() {
		assertThat(afterAShortWait(Duration.ofMillis(150))).isEqualTo(Verdict.SLOW_STATEMENTS);
		assertThat(afterAShortWait(Duration.ofMillis(149))).isEqualTo(Verdict.UNDERSIZED);
	}

	private static Verdict afterAShortWait(Duration held) {
		return PostMortem
			.of(new Exhaustion(shortage(10), Duration.ofMillis(300), held(10, HolderActivity.IN_DRIVER, held),
					ConnectTrouble.NONE, null))
			.verdict();
	}

	@Test
	void callerThatDidNotWaitFindsOneSecondLong() {
		Duration almost = Duration.ofMillis(999);
		Exhaustion facts = new Exhaustion(shortage(10), Duration.ZERO, held(10, HolderActivity.IN_DRIVER, almost),
				ConnectTrouble.NONE, null);
		assertThat(PostMortem.of(facts).verdict()).isEqualTo(Verdict.UNDERSIZED);
	}

	private static Exhaustion full(List<ConnectionHolder> holders) {
		return facts(10, ConnectTrouble.NONE, holders);
	}

	private static Exhaustion facts(int size, ConnectTrouble connects, List<ConnectionHolder> holders) {
		return new Exhaustion(shortage(size), WAITED, holders, connects,
				(connects != ConnectTrouble.NONE) ? "it said no" : null);
	}

	private static PoolShortage shortage(int size) {
		return new PoolShortage("primary", new PoolCounts(size, 0, size, 3), 10, Duration.ofSeconds(1));
	}

	private static List<ConnectionHolder> held(int count, HolderActivity activity, Duration held) {
		return new ArrayList<>(Collections.nCopies(count,
				new ConnectionHolder("worker", activity, held, false, List.of(), List.of())));
	}

	private static List<ConnectionHolder> outlasting(List<ConnectionHolder> holders) {
		return holders.stream()
			.map((holder) -> new ConnectionHolder(holder.thread(), holder.activity(), holder.held(), true,
					holder.stack(), holder.borrowedAt()))
			.toList();
	}

}
