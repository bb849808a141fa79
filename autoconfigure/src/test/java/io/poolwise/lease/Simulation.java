package io.poolwise.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

import io.poolwise.lease.FairShare.Claim;

/**
 * A fleet in virtual time: the same seed makes the same run.
 */
final class Simulation {

	private record Planned(long at, long order, Runnable action) implements Comparable<Planned> {

		@Override
		public int compareTo(Planned other) {
			return (this.at != other.at) ? Long.compare(this.at, other.at) : Long.compare(this.order, other.order);
		}

	}

	static final long MILLI = 1_000_000;

	final long seed;

	final Random random;

	final SimulatedServer server;

	final List<SimulatedMember> members = new ArrayList<>();

	final int minimumSize;

	final LeaseSettings usual;

	private final PriorityQueue<Planned> plan = new PriorityQueue<>();

	private long order;

	private long steps;

	long now;

	long messages;

	boolean refusing;

	double faultyConnects;

	double longStatements = 0.1;

	Simulation(long seed, int members, int slots, int minimumSize) {
		this.seed = seed;
		this.random = new Random(seed);
		this.minimumSize = minimumSize;
		this.usual = settings(0);
		this.server = new SimulatedServer(slots, this.usual.seats());
		for (int i = 0; i < members; i++) {
			this.members.add(new SimulatedMember(this, i));
		}
	}

	LeaseSettings settings(int number) {
		Duration poll = Duration.ofSeconds(1);
		return new LeaseSettings(number + 1, LeaseSettings.SEATS, LeaseSettings.CONNECTS, LeaseSettings.STRAYS,
				this.minimumSize, Duration.ofSeconds(2), poll, Duration.ofSeconds(30), Duration.ofMillis(20),
				Duration.ofMillis(250), Duration.ofSeconds(3), Duration.ofMillis(100), Duration.ofSeconds(3));
	}

	void start(SimulatedMember member, long at, int load) {
		member.load = load;
		after(at - this.now, () -> {
			member.begin();
			sample(member);
		});
	}

	private void sample(SimulatedMember member) {
		member.sample();
		after(100 * MILLI, () -> sample(member));
	}

	void after(long nanos, Runnable action) {
		this.plan.add(new Planned(this.now + nanos, this.order++, action));
	}

	void runUntil(long time) {
		while (!this.plan.isEmpty() && this.plan.peek().at() <= time) {
			Planned next = this.plan.remove();
			this.now = next.at();
			next.action().run();
			this.steps++;
			String wrong = this.server.wrong(this.usual, this.members.size());
			if (wrong != null) {
				throw new AssertionError(wrong + " at " + this.now / MILLI + " ms, seed " + this.seed);
			}
		}
		this.now = time;
	}

	/**
	 * Runs until everybody has its share, headroom aside that others have, and says how
	 * long that took.
	 */
	long runUntilFair(long most) {
		long from = this.now;
		while (!fair()) {
			if (this.now - from > most) {
				throw new AssertionError(
						"not fair after " + most / MILLI + " ms, seed " + this.seed + ", " + shortest());
			}
			runUntil(this.now + 20 * MILLI);
		}
		return this.now - from;
	}

	boolean fair() {
		List<Claim> claims = new ArrayList<>();
		for (SimulatedMember member : this.members) {
			if (member.state.phase() != LeaseState.Phase.PAID) {
				return false;
			}
			claims.add(new Claim(member.number + 1, this.server.slots, member.state.announced.demand(),
					this.minimumSize, 0, true, false));
		}
		int[] shares = FairShare.shares((limit) -> limit, claims);
		int[] due = FairShare.due(claims, shares, false);
		for (int i = 0; i < shares.length; i++) {
			if (this.members.get(i).state.owned() < due[i]) {
				return false;
			}
		}
		return true;
	}

	private String shortest() {
		StringBuilder text = new StringBuilder();
		for (SimulatedMember member : this.members) {
			LeaseState state = member.state;
			if (text.length() < 2000) {
				text.append("\n")
					.append(member.number)
					.append(' ')
					.append(state.phase())
					.append(" owned ")
					.append(state.owned())
					.append(" target ")
					.append(state.target())
					.append(" outstanding ")
					.append(state.outstanding())
					.append(" running ")
					.append(state.running());
			}
		}
		return text.toString();
	}

	void hintAll(SimulatedMember from) {
		for (SimulatedMember member : this.members) {
			if (member != from) {
				member.hint();
			}
		}
	}

	void drop(SimulatedServer.Session session) {
		this.server.drop(session);
	}

	void restart() {
		this.server.restart();
		this.refusing = true;
		after(300 * MILLI, () -> this.refusing = false);
		this.members.forEach(SimulatedMember::noticeRestart);
	}

	void fault() {
		SimulatedMember victim = this.members.get(this.random.nextInt(this.members.size()));
		switch (this.random.nextInt(12)) {
			case 0, 1 -> victim.kill();
			case 2, 3, 4 -> victim.loseCoordinator(true);
			case 5, 6, 7 -> victim.loseCoordinator(false);
			case 8, 9 -> victim.loseSession();
			case 10 -> victim.unlockAll();
			default -> {
				if (this.random.nextInt(4) == 0) {
					restart();
				}
			}
		}
	}

	boolean faultyConnect() {
		return this.random.nextDouble() < this.faultyConnects;
	}

	long latency() {
		return millis(0.1, 1.5);
	}

	long statement() {
		return (this.random.nextDouble() < this.longStatements) ? millis(10, 800) : millis(0, 10);
	}

	long millis(double least, double most) {
		return (long) ((least + this.random.nextDouble() * (most - least)) * MILLI);
	}

	long steps() {
		return this.steps;
	}

}
