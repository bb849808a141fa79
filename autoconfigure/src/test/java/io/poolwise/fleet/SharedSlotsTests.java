package io.poolwise.fleet;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import io.poolwise.budget.Budget;
import io.poolwise.budget.LimitBounds;
import io.poolwise.budget.Reserve;
import io.poolwise.budget.ServerLimit;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.Strangers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link SharedSlots}.
 */
class SharedSlotsTests {

	private static final int NONE = LimitBounds.NONE;

	private final List<Integer> told = new ArrayList<>();

	@Test
	void seatsAreNoSlots() {
		assertThat(slots(server(97)).slots()).as("97 - 10 - 2").isEqualTo(85);
	}

	@Test
	void strangersWithinTheReserveTakeNothing() {
		SharedSlots slots = slots(server(97));
		meet(slots, new Strangers(10, 0, 0));
		assertThat(slots.slots()).isEqualTo(85);
		assertThat(this.told).isEmpty();
	}

	@Test
	void strangersBeyondTheReserveTakeSlotsUntilTheyAreGone() {
		SharedSlots slots = slots(server(97));
		meet(slots, new Strangers(30, 0, 0));
		assertThat(this.told).containsExactly(97 - 30 - 2);
		slots.strangers(Strangers.NONE);
		assertThat(this.told).containsExactly(65, 85);
	}

	@Test
	void strangersThatAreGoneAtTheNextCountTakeNothing() {
		SharedSlots slots = slots(server(97));
		slots.strangers(new Strangers(30, 0, 0));
		slots.strangers(Strangers.NONE);
		slots.strangers(new Strangers(30, 0, 0));
		assertThat(this.told).isEmpty();
	}

	/**
	 * A role with 20 connections, on a server with 97 on which others have 70.
	 */
	@Test
	void othersTakeNothingFromTheLimitOfALogin() {
		SharedSlots slots = slots(ServerLimit.ofServer(new LimitBounds(97, NONE, 20), List.of()));
		meet(slots, new Strangers(70, 3, 2));
		assertThat(slots.slots()).as("20 - 2 of the reserve - 2 seats").isEqualTo(16);
		meet(slots, new Strangers(70, 3, 9));
		assertThat(slots.slots()).as("20 - 9 - 2").isEqualTo(9);
		meet(slots, new Strangers(85, 3, 2));
		assertThat(slots.slots()).as("97 - 85 - 2").isEqualTo(10);
	}

	@Test
	void othersTakeNothingFromTheLimitOfADatabase() {
		SharedSlots slots = slots(ServerLimit.ofServer(new LimitBounds(97, 20, NONE), List.of()));
		meet(slots, new Strangers(70, 2, 30));
		assertThat(slots.slots()).isEqualTo(16);
		meet(slots, new Strangers(70, 9, 30));
		assertThat(slots.slots()).isEqualTo(9);
	}

	/**
	 * Somebody gives this application 40 of the server's 97.
	 */
	@Test
	void strangersTakeNothingFromALimitThatWasSetByHandButFromTheServers() {
		ServerLimit byHand = ServerLimit.ofKey(40, "pool.database.budget.limit");
		SharedSlots slots = slots(byHand.within(new LimitBounds(97, NONE, NONE)));
		meet(slots, new Strangers(50, 0, 0));
		assertThat(slots.slots()).as("40 - 4 - 2").isEqualTo(34);
		meet(slots, new Strangers(70, 0, 0));
		assertThat(slots.slots()).as("97 - 70 - 2").isEqualTo(25);
		SharedSlots unknown = slots(byHand);
		meet(unknown, new Strangers(70, 0, 0));
		assertThat(unknown.slots()).isEqualTo(34);
	}

	@Test
	void narrowLimitsAreOfTheLoginOfThePools() {
		Budget budget = budget(ServerLimit.ofServer(new LimitBounds(97, NONE, 20), List.of()));
		assertThat(slots(server(97)).hasNarrowLimits()).isFalse();
		assertThat(new SharedSlots(LeaseSettings.defaults(1, 0), budget, true).hasNarrowLimits()).isTrue();
		assertThat(new SharedSlots(LeaseSettings.defaults(1, 0), budget, false).hasNarrowLimits()).isFalse();
	}

	@Test
	void otherPoolsOfTheProcessTakeWhatTheyCanOpen() {
		SharedSlots slots = slots(server(97));
		slots.ungoverned(20);
		assertThat(this.told).containsExactly(65);
	}

	private static void meet(SharedSlots slots, Strangers strangers) {
		slots.strangers(strangers);
		slots.strangers(strangers);
	}

	private static ServerLimit server(int connections) {
		return ServerLimit.ofServer(connections, List.of());
	}

	private SharedSlots slots(ServerLimit limit) {
		SharedSlots slots = new SharedSlots(LeaseSettings.defaults(1, 0), budget(limit), true);
		slots.listen(this.told::add);
		return slots;
	}

	private static Budget budget(ServerLimit limit) {
		return Budget.of(limit, Reserve.parse("10%"), BigDecimal.ONE);
	}

}
