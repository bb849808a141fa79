package io.poolwise.lease;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs fleets of the real {@link LeaseMember} in virtual time. A failure prints its seed;
 * {@code -Dleases.seed=n} runs it again, {@code -Dleases.simulation=members,slots} runs
 * another fleet.
 */
class LeaseSimulationTests {

	private static final long SECOND = 1000 * Simulation.MILLI;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })
	void fleetUnderFaultsKeepsItsPromiseAndBecomesFairAgain(long number) {
		long seed = Long.getLong("leases.seed", number);
		Simulation simulation = new Simulation(seed, 3 + (int) (seed % 8), 40 + (int) (seed % 5) * 20, 3);
		simulation.faultyConnects = 0.02;
		simulation.members.forEach((member) -> simulation.start(member, simulation.millis(0, 3000), 40));
		simulation.runUntil(5 * SECOND);
		for (int i = 0; i < 60; i++) {
			simulation.fault();
			simulation.runUntil(simulation.now + simulation.millis(0, 800));
		}
		simulation.faultyConnects = 0;
		simulation.runUntilFair(60 * SECOND);
	}

	@Test
	void joinersBecomeFairSoon() {
		Simulation simulation = new Simulation(Long.getLong("leases.seed", 1), 8, 94, 5);
		simulation.longStatements = 0;
		simulation.members.subList(0, 3).forEach((member) -> simulation.start(member, 0, 100));
		simulation.runUntil(10 * SECOND);
		simulation.members.subList(3, 8).forEach((member) -> simulation.start(member, simulation.now, 100));
		long fair = simulation.runUntilFair(20 * SECOND);
		System.out.println("3 -> 8 instances, 94 slots: fair after " + fair / Simulation.MILLI + " ms");
		assertThat(fair).isLessThan(4 * SECOND);
	}

	@Test
	void heatThatMovesIsFollowedWithinThreeSeconds() {
		Simulation simulation = new Simulation(Long.getLong("leases.seed", 1), 4, 94, 5);
		simulation.longStatements = 0;
		simulation.members.forEach((member) -> simulation.start(member, 0, 2));
		SimulatedMember first = simulation.members.get(0);
		SimulatedMember second = simulation.members.get(1);
		first.load = 70;
		simulation.runUntil(10 * SECOND);
		assertThat(first.running).hasSizeGreaterThan(65);
		first.load = 2;
		second.load = 70;
		long moved = simulation.now;
		while (second.running.size() < 65 && simulation.now - moved < 20 * SECOND) {
			simulation.runUntil(simulation.now + 20 * Simulation.MILLI);
		}
		System.out.println("heat followed after " + (simulation.now - moved) / Simulation.MILLI + " ms");
		long owned = second.state.owned();
		assertThat(owned).isGreaterThan(65);
		assertThat(simulation.now - moved).isLessThan(4 * SECOND);
	}

	@Test
	void equalLoadDoesNotSeeSaw() {
		Simulation simulation = new Simulation(Long.getLong("leases.seed", 1), 5, 93, 5);
		simulation.members.forEach((member) -> simulation.start(member, 0, 60));
		simulation.runUntil(20 * SECOND);
		long settled = simulation.server.lockOperations;
		simulation.runUntil(80 * SECOND);
		assertThat(simulation.server.lockOperations - settled).isZero();
	}

	/** Two thirds of the connections are in use, now more here, now more there. */
	@Test
	void headroomIsNotPassedToAndFro() {
		Simulation simulation = new Simulation(Long.getLong("leases.seed", 1), 3, 85, 10);
		simulation.longStatements = 0;
		simulation.members.forEach((member) -> simulation.start(member, 0, 18));
		simulation.runUntil(20 * SECOND);
		long settled = simulation.server.lockOperations;
		for (int i = 0; i < 300; i++) {
			for (SimulatedMember member : simulation.members) {
				member.load += simulation.random.nextInt(36) < member.load ? -1 : 1;
			}
			simulation.runUntil(simulation.now + 200 * Simulation.MILLI);
		}
		long moved = simulation.server.lockOperations - settled;
		System.out.println("60 s of loads around 18 of 27: " + moved + " lock operations");
		assertThat(moved).isLessThan(60);
	}

	@Test
	void whatABurstLeavesBehindIsHeadroomOfTheOthers() {
		Simulation simulation = new Simulation(Long.getLong("leases.seed", 1), 2, 85, 10);
		simulation.longStatements = 0;
		SimulatedMember burst = simulation.members.get(0);
		SimulatedMember steady = simulation.members.get(1);
		simulation.start(burst, 0, 60);
		simulation.start(steady, 0, 20);
		simulation.runUntil(10 * SECOND);
		burst.load = 2;
		steady.load = 24;
		simulation.runUntil(20 * SECOND);
		assertThat(steady.state.demand).isEqualTo(new Demand(31, 25));
		assertThat(steady.state.owned()).isEqualTo(31);
	}

	@Test
	void largeFleetStaysCheap() {
		String[] size = System.getProperty("leases.simulation", "200,1000").split(",");
		Simulation simulation = new Simulation(Long.getLong("leases.seed", 1), Integer.parseInt(size[0]),
				Integer.parseInt(size[1]), 3);
		simulation.members.forEach((member) -> simulation.start(member, simulation.millis(0, 2000), 20));
		long fair = simulation.runUntilFair(600 * SECOND);
		report(simulation, "fair after " + fair / Simulation.MILLI + " ms", 0, 0, 0);
		simulation.runUntil(simulation.now + 30 * SECOND);
		long messages = simulation.messages;
		long locks = simulation.server.lockOperations;
		long snapshots = simulation.server.snapshots;
		simulation.runUntil(simulation.now + 60 * SECOND);
		report(simulation, "60 s of steady state", messages, locks, snapshots);
		assertThat(simulation.server.lockOperations - locks).isLessThan(simulation.members.size());
		assertThat(simulation.messages - messages).isLessThan(80L * simulation.members.size());
	}

	private static void report(Simulation simulation, String what, long messages, long locks, long snapshots) {
		System.out.println(simulation.members.size() + " members, " + simulation.server.slots + " slots, " + what + ": "
				+ (simulation.messages - messages) + " messages, " + (simulation.server.lockOperations - locks)
				+ " lock operations, " + (simulation.server.snapshots - snapshots) + " snapshots, most settled "
				+ simulation.server.mostSettled + ", most above budget " + simulation.server.mostAboveBudget + ", "
				+ simulation.steps() + " steps");
	}

}
