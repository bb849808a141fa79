package io.poolwise.budget;

import java.math.BigDecimal;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Budget} and {@link Allotment}.
 */
class BudgetTests {

	@Test
	void workedExampleOfAHundredConnections() {
		ServerLimit limit = new PostgresLimits("18.6", 100, 3, 0, false, -1, -1).toLimit();
		Budget budget = Budget.of(limit, Reserve.parse("10%"), BigDecimal.ONE);
		Allotment allotment = Allotment.of(budget, Fleet.of(3, Surge.parse("25%")), 0);
		assertThat(limit.connections()).isEqualTo(97);
		assertThat(budget.reserveConnections()).isEqualTo(10);
		assertThat(budget.connections()).isEqualTo(87);
		assertThat(allotment.fleet().peak()).isEqualTo(4);
		assertThat(allotment.connections()).isEqualTo(21);
		assertThat(allotment.reasons()).containsExactly(
				"PostgreSQL 18.6: max_connections 100 - 3 reserved for superusers = 97",
				"reserve 10% of 97 = 9.7, rounded up to 10", "budget 97 - 10 = 87", "peak 3 replicas + 1 surge = 4",
				"allotment 87 / 4 = 21");
	}

	@Test
	void workedExampleOfTwoHundredConnections() {
		ServerLimit limit = new PostgresLimits("18.6", 200, 3, 0, false, -1, -1).toLimit();
		Budget budget = Budget.of(limit, Reserve.parse("10%"), BigDecimal.ONE);
		assertThat(limit.connections()).isEqualTo(197);
		assertThat(budget.reserveConnections()).isEqualTo(20);
		assertThat(budget.connections()).isEqualTo(177);
		assertThat(Allotment.of(budget, Fleet.of(3, Surge.parse("25%")), 0).connections()).isEqualTo(44);
	}

	@ParameterizedTest
	@CsvSource({ "100, 10%, 0.5, 45", "97, 10%, 0.5, 43", "97, 0, 1.0, 97", "1, 0, 1, 1", "1, 10%, 1, 0",
			"0, 10%, 1, 0", "10, 10, 1, 0", "10, 11, 1, 0", "100, 99.99%, 1, 0", "10000, 99.99%, 1, 1",
			"2147483647, 0, 1, 2147483647", "2147483647, 2147483647, 1, 0", "2147483647, 50%, 1, 1073741823",
			"100, 0, 0.01, 1", "100, 0, 0.009, 0", "2147483647, 0, 0.000000000000000001, 0", "10, 0, 0.3, 3",
			"100, 0, 0.29, 29" })
	void budgetIsLimitLessReserveTimesShareRoundedDown(int limit, String reserve, BigDecimal share, int expected) {
		assertThat(budget(limit, reserve, share).connections()).isEqualTo(expected);
	}

	@Test
	void reasonsShowTheShareAndItsRounding() {
		assertThat(budget(97, "10%", new BigDecimal("0.50")).reasons())
			.endsWith("budget (97 - 10) x 0.5 = 43.5, rounded down to 43");
		assertThat(budget(90, "10", new BigDecimal("0.5")).reasons()).containsExactly("reserve 10",
				"budget (90 - 10) x 0.5 = 40");
		assertThat(budget(10, "10", BigDecimal.ONE).reasons()).containsExactly("reserve 10", "budget 10 - 10 = 0");
		assertThat(budget(5, "10", BigDecimal.ONE).reasons()).containsExactly("reserve 10",
				"budget 5 - 10: the reserve takes all, 0 left");
	}

	@Test
	void explicitLimitLosesItsReserveToo() {
		ServerLimit limit = ServerLimit.ofKey(50, "pool.database.budget.limit");
		Budget budget = Budget.of(limit, Reserve.parse("10%"), BigDecimal.ONE);
		assertThat(budget.connections()).isEqualTo(45);
		assertThat(budget.reasons()).startsWith("pool.database.budget.limit = 50");
		assertThat(limit.source().jsonName()).isEqualTo("key");
	}

	@ParameterizedTest
	@CsvSource({ "0", "-0.1", "1.000000001", "2", "0.0000000000000000001", "1E-999999999" })
	void shareOutsideItsRangeIsRefused(BigDecimal share) {
		assertThatIllegalArgumentException().isThrownBy(() -> budget(100, "0", share))
			.withMessageContaining(share.toString());
	}

	@Test
	void ungovernedPoolsAreSubtractedFromTheAllotment() {
		Budget budget = budget(97, "10%", BigDecimal.ONE);
		assertThat(Allotment.of(budget, new Fleet(3, 1), 2).connections()).isEqualTo(19);
		assertThat(Allotment.of(budget, new Fleet(3, 1), 2).reasons())
			.endsWith("ungoverned pools can open 2: 21 - 2 = 19");
		assertThat(Allotment.of(budget, new Fleet(3, 1), 21).reasons())
			.endsWith("ungoverned pools can open 21: 21 - 21 = 0");
		assertThat(Allotment.of(budget, new Fleet(3, 1), 22).connections()).isZero();
		assertThat(Allotment.of(budget, new Fleet(3, 1), 22).reasons())
			.endsWith("ungoverned pools can open 22: 21 - 22 leaves 0");
	}

	@Test
	void budgetBelowThePeakAllotsNothing() {
		assertThat(Allotment.of(budget(4, "0", BigDecimal.ONE), new Fleet(4, 1), 0).connections()).isZero();
		assertThat(Allotment.of(budget(5, "0", BigDecimal.ONE), new Fleet(4, 1), 0).connections()).isOne();
	}

	@Test
	void unknownFleetIsThisInstanceAlone() {
		Allotment allotment = Allotment.of(budget(97, "10%", BigDecimal.ONE), Fleet.unknown(), 0);
		assertThat(allotment.connections()).isEqualTo(87);
		assertThat(allotment.reasons()).contains("peak 1 replica");
	}

	@Test
	void inconsistentValuesAreRefused() {
		Budget budget = budget(10, "0", BigDecimal.ONE);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ServerLimit(-1, ServerLimit.Source.SERVER, List.of(), LimitBounds.UNKNOWN));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Budget(budget.limit(), 0, BigDecimal.ONE, 11, List.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Budget(budget.limit(), 0, BigDecimal.ONE, -1, List.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Budget(budget.limit(), -1, BigDecimal.ONE, 10, List.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Budget(budget.limit(), 0, BigDecimal.TEN, 10, List.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> new Allotment(-1, budget, new Fleet(2, 0), 0, List.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> new Allotment(6, budget, new Fleet(2, 0), 0, List.of()))
			.withMessageContaining("exceeds the budget of 10");
		assertThatIllegalArgumentException().isThrownBy(() -> Allotment.of(budget, new Fleet(2, 0), -1));
	}

	private static Budget budget(int limit, String reserve, BigDecimal share) {
		return Budget.of(ServerLimit.ofServer(limit, List.of()), Reserve.parse(reserve), share);
	}

}
