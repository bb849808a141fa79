package io.poolwise.budget;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BudgetAllocator}.
 */
class BudgetAllocatorTests {

	@ParameterizedTest
	@CsvSource({ "21, '50', '21'", "60, '50', '50'", "21, '50 20', '15 6'", "70, '50 20', '50 20'",
			"100, '50 20', '50 20'", "69, '50 20', '49 20'", "2, '50 20', '1 1'", "3, '50 20', '2 1'",
			"10, '1 1 100', '1 1 8'", "4, '1 2 100', '1 1 2'", "10, '6 6 2', '4 4 2'", "11, '6 6 2', '5 5 1'",
			"7, '10 10', '4 3'", "20, '1 1 1 1 1 1 1 1 1 1 60 30', '1 1 1 1 1 1 1 1 1 1 7 3'", "1, '2147483647', '1'",
			"2147483647, '2147483647', '2147483647'", "2147483647, '2147483647 2147483647', '1073741824 1073741823'",
			"0, '', ''", "5, '', ''" })
	void splitsInProportionByTheLargestRemainder(int allotment, String sizes, String expected) {
		assertThat(allotments(BudgetAllocator.split(allotment, pools(sizes)))).isEqualTo(numbers(expected));
	}

	@Test
	void equalRemaindersGoToTheLargerPoolThenToTheLesserName() {
		PoolDemand larger = new PoolDemand("z", 0, 30, 0);
		PoolDemand smaller = new PoolDemand("a", 0, 10, 0);
		assertThat(allotments(BudgetAllocator.split(2 + 8, List.of(smaller, larger)))).containsExactly(2, 8);
		List<PoolDemand> equal = List.of(new PoolDemand("b", 0, 10, 0), new PoolDemand("a", 0, 10, 0));
		assertThat(allotments(BudgetAllocator.split(7, equal))).containsExactly(3, 4);
	}

	@Test
	void splitsADerivedAllotment() {
		Budget budget = Budget.of(ServerLimit.ofServer(97, List.of()), Reserve.parse("10%"), BigDecimal.ONE);
		Allotment allotment = Allotment.of(budget, new Fleet(3, 1), 0);
		assertThat(allotments(BudgetAllocator.split(allotment, pools("50 20")))).containsExactly(15, 6);
	}

	@Test
	void overflowCountsAsWeightAndGetsWhatTheMaximumLeaves() {
		List<PoolDemand> pools = List.of(new PoolDemand("a", 0, 10, 20), new PoolDemand("b", 0, 10, 0));
		List<PoolShare> shares = BudgetAllocator.split(20, pools);
		assertThat(allotments(shares)).containsExactly(15, 5);
		assertThat(shares.get(0).appliedMax()).isEqualTo(10);
		assertThat(shares.get(0).appliedOverflow()).isEqualTo(5);
		assertThat(shares.get(1).appliedMax()).isEqualTo(5);
		assertThat(shares.get(1).appliedOverflow()).isZero();
	}

	@Test
	void weightOfTheLargestPoolsDoesNotOverflow() {
		List<PoolDemand> pools = List.of(new PoolDemand("a", 0, Integer.MAX_VALUE, Integer.MAX_VALUE),
				new PoolDemand("b", 0, Integer.MAX_VALUE, Integer.MAX_VALUE), new PoolDemand("c", 0, 1, 0));
		assertThat(allotments(BudgetAllocator.split(Integer.MAX_VALUE, pools))).containsExactly(1073741823, 1073741823,
				1);
	}

	@Test
	void appliedSizesFollowTheAllotmentAndTheMinimumFollowsTheMaximum() {
		PoolShare share = BudgetAllocator.split(21, List.of(new PoolDemand("primary", 10, 50, 0))).get(0);
		assertThat(share.appliedMax()).isEqualTo(21);
		assertThat(share.appliedMin()).isEqualTo(10);
		assertThat(share.reasons()).containsExactly("max-size 50 cut to 21");
		share = BudgetAllocator.split(6, List.of(new PoolDemand("primary", 10, 50, 5))).get(0);
		assertThat(share.appliedMax()).isEqualTo(6);
		assertThat(share.appliedMin()).isEqualTo(6);
		assertThat(share.appliedOverflow()).isZero();
		assertThat(share.reasons()).containsExactly("max-size 50 cut to 6", "max-overflow 5 cut to 0",
				"min-size 10 cut to 6");
		share = BudgetAllocator.split(100, List.of(new PoolDemand("primary", 10, 5, 0))).get(0);
		assertThat(share.allotment()).isEqualTo(5);
		assertThat(share.appliedMin()).isEqualTo(5);
	}

	@Test
	void reasonsNameThePartOfEachPool() {
		List<PoolShare> shares = BudgetAllocator.split(21, pools("50 20"));
		assertThat(shares.get(0).reasons()).containsExactly("share of p0: 15 of 21 (weight 50 of 70 over 2 pools)",
				"max-size 50 cut to 15");
		assertThat(shares.get(1).reasons()).containsExactly("share of p1: 6 of 21 (weight 20 of 70 over 2 pools)",
				"max-size 20 cut to 6");
	}

	@Test
	void morePoolsThanConnectionsIsRefusedWithTheNumbers() {
		List<PoolDemand> pools = List.of(new PoolDemand("primary", 0, 50, 0), new PoolDemand("reports", 0, 5, 0));
		ServerLimit limit = ServerLimit.ofKey(5, "pool.database.budget.limit");
		Allotment allotment = Allotment.of(Budget.of(limit, Reserve.parse("10%"), BigDecimal.ONE), new Fleet(3, 1), 0);
		assertThat(BudgetAllocator.fits(allotment.connections(), 2)).isFalse();
		assertThatExceptionOfType(BudgetTooSmallException.class)
			.isThrownBy(() -> BudgetAllocator.split(allotment, pools))
			.satisfies((ex) -> {
				assertThat(ex.allotment()).isOne();
				assertThat(ex.pools()).isEqualTo(pools);
				assertThat(ex.derivation()).isSameAs(allotment);
			})
			.withMessage("An allotment of 1 connection is too small for 2 pools (primary, reports),"
					+ " each needs at least 1: pool.database.budget.limit = 5;"
					+ " reserve 10% of 5 = 0.5, rounded up to 1; budget 5 - 1 = 4;"
					+ " peak 3 replicas + 1 surge = 4; allotment 4 / 4 = 1");
		assertThatExceptionOfType(BudgetTooSmallException.class)
			.isThrownBy(() -> BudgetAllocator.split(0, List.of(new PoolDemand("primary", 0, 50, 0))))
			.satisfies((ex) -> assertThat(ex.derivation()).isNull())
			.withMessage("An allotment of 0 connections is too small for 1 pool (primary), each needs at least 1");
	}

	@Test
	void invalidDemandsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolDemand("", 0, 1, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolDemand("a", -1, 1, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolDemand("a", 0, 0, 0))
			.withMessage("max-size of a must be at least 1, but was 0");
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolDemand("a", 0, 1, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> BudgetAllocator.split(-1, List.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> BudgetAllocator.split(5, List.of(new PoolDemand("a", 0, 1, 0), new PoolDemand("a", 0, 1, 0))))
			.withMessage("Two pools are named a");
	}

	@Test
	void inconsistentSharesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolShare("a", 5, 3, 2, 0, List.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolShare("a", 5, 0, 4, 2, List.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolShare("a", 0, 0, 1, 0, List.of()))
			.withMessage("The allotment of a must be at least 1, but was 0");
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolShare("a", 1, -1, 1, 0, List.of()))
			.withMessage("The minimum of a must be at least 0, but was -1");
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolShare("a", 1, 0, 0, 0, List.of()))
			.withMessage("The maximum of a must be at least 1, but was 0");
		assertThatIllegalArgumentException().isThrownBy(() -> new PoolShare("a", 1, 0, 1, -1, List.of()))
			.withMessage("The overflow of a must be at least 0, but was -1");
	}

	private static List<PoolDemand> pools(String sizes) {
		List<PoolDemand> pools = new ArrayList<>();
		for (int size : numbers(sizes)) {
			pools.add(new PoolDemand("p" + pools.size(), 0, size, 0));
		}
		return pools;
	}

	private static List<Integer> numbers(String text) {
		return text.isBlank() ? List.of() : List.of(text.split(" ")).stream().map(Integer::valueOf).toList();
	}

	private static List<Integer> allotments(List<PoolShare> shares) {
		return shares.stream().map(PoolShare::allotment).toList();
	}

}
