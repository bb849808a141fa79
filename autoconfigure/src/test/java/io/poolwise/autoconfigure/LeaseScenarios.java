package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.poolwise.testservers.TcpProxy;

/**
 * What happens to fleets of real processes.
 */
enum LeaseScenarios {

	/** More, and then fewer instances. */
	SCALE("3 -> 8 -> 2 instances") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			String sql = fleet.ground().sleep(0.02);
			fleet.load(fleet.start(3), 40, sql);
			fleet.note("3 fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
			fleet.load(fleet.start(5), 40, sql);
			fleet.note("8 fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
			fleet.watch(Duration.ofSeconds(2));
			fleet.stop(new ArrayList<>(fleet.instances().subList(0, 6)));
			fleet.note("2 fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** A smaller fleet that becomes larger, and then smaller. */
	SCALE_LESS("3 -> 5 -> 2 instances") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			String sql = fleet.ground().sleep(0.05);
			fleet.load(fleet.start(3), 50, sql);
			fleet.note("3 fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
			fleet.load(fleet.start(2), 50, sql);
			fleet.note("5 fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
			fleet.stop(new ArrayList<>(fleet.instances().subList(0, 3)));
			fleet.note("2 fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** One after the other is replaced. */
	ROLLING_UPDATE("rolling update of 3") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			String sql = fleet.ground().sleep(0.02);
			fleet.load(fleet.start(3), 40, sql);
			fleet.watchUntil(fleet::isFair, MOST);
			for (int i = 0; i < 3; i++) {
				fleet.load(fleet.start(1), 40, sql);
				fleet.watch(Duration.ofSeconds(1));
				fleet.stop(List.of(fleet.instance(0)));
			}
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** An instance dies while it does nothing. */
	KILL_IDLE("kill -9, idle") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			String sql = fleet.ground().sleep(0.02);
			fleet.load(fleet.start(3), 40, sql);
			fleet.watchUntil(fleet::isFair, MOST);
			InstanceProcess victim = fleet.instance(0);
			victim.load(0, sql);
			fleet.watch(Duration.ofMillis(200));
			reclaim(fleet, victim);
		}

	},

	/** An instance dies in the middle of statements of 8 s. */
	KILL_BUSY("kill -9, mid-statement") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			String sql = fleet.ground().sleep(0.02);
			fleet.load(fleet.start(3), 40, sql);
			fleet.watchUntil(fleet::isFair, MOST);
			InstanceProcess victim = fleet.instance(0);
			victim.load(40, fleet.ground().sleep(8));
			fleet.watch(Duration.ofMillis(500));
			reclaim(fleet, victim);
		}

	},

	/** An instance stands still for a while. */
	STOPPED("SIGSTOP 5 s, SIGCONT") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			fleet.load(fleet.start(3), 40, fleet.ground().sleep(0.02));
			fleet.watchUntil(fleet::isFair, MOST);
			fleet.instance(0).signal("STOP");
			fleet.watch(Duration.ofSeconds(5));
			fleet.instance(0).signal("CONT");
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** The coordinators are ended by an operator. */
	COORDINATORS_ENDED("coordinators ended 5 times") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			fleet.load(fleet.start(3), 40, fleet.ground().sleep(0.02));
			fleet.watchUntil(fleet::isFair, MOST);
			for (int i = 0; i < 5; i++) {
				fleet.lose(fleet.instances().size());
				fleet.ground().terminate(true);
				fleet.watch(Duration.ofMillis(200));
				fleet.note("" + fleet.watchUntil((sessions) -> isWell(fleet), MOST));
			}
			fleet.note("ms until all are back");
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** The sessions of the pools are ended by an operator. */
	POOL_SESSIONS_ENDED("pool sessions ended") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			fleet.load(fleet.start(3), 40, fleet.ground().sleep(0.02));
			fleet.watchUntil(fleet::isFair, MOST);
			fleet.ground().terminate(false);
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** The server is killed and comes back. */
	SERVER_RESTART("server killed and restarted") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			fleet.load(fleet.start(3), 40, fleet.ground().sleep(0.02));
			fleet.watchUntil(fleet::isFair, MOST);
			fleet.lose(fleet.instances().size());
			fleet.ground().restart();
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** One instance is cut off, silently, and comes back. */
	CUT("silent cut of 15 s, heal") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			TcpProxy proxy = fleet.proxy();
			String sql = fleet.ground().sleep(0.02);
			fleet.load(fleet.start(proxy.port(), 1), 40, sql);
			fleet.load(fleet.start(2), 40, sql);
			fleet.watchUntil(fleet::isFair, MOST);
			fleet.lose(1);
			proxy.stall();
			fleet.watch(Duration.ofSeconds(15));
			proxy.heal();
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, Duration.ofSeconds(100)) + " ms");
		}

	},

	/** Somebody has everything, with statements of 8 s, when another one comes. */
	LONG_STATEMENTS("8 s statements, one joins") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			fleet.load(fleet.start(1), 90, fleet.ground().sleep(8));
			// 50 is the most that the profile lets a pool have
			fleet.watchUntil((sessions) -> sessions.getOrDefault("app0", 0) >= 50, MOST);
			fleet.load(fleet.start(1), 90, fleet.ground().sleep(8));
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** Applications give back all locks of their sessions. */
	UNLOCK_ALL("applications unlock all") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			String sql = fleet.ground().sleep(0.02);
			fleet.load(fleet.start(3), 40, sql);
			fleet.watchUntil(fleet::isFair, MOST);
			fleet.instance(0)
				.load(40,
						fleet.ground().product().equals("PostgreSQL")
								? "SELECT pg_advisory_unlock_all(), pg_sleep(0.02)"
								: "SELECT RELEASE_ALL_LOCKS(), SLEEP(0.02)");
			fleet.watch(Duration.ofSeconds(40));
			fleet.instance(0).load(40, sql);
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, Duration.ofSeconds(60)) + " ms");
		}

	},

	/** Many come at once, and there is one seat. */
	JOINERS("8 join at once, 1 seat") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			fleet.load(fleet.start(8, "pool.leases.seats=1"), 40, fleet.ground().sleep(0.02));
			fleet.note("fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms");
		}

	},

	/** The load is on one of four, and moves on every 5 s. */
	MOVING_SKEW("one of 4 is hot, moves every 5 s") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			moveHeat(fleet, 45);
		}

	},

	/** The same with less that each keeps while it has nothing to do. */
	MOVING_SKEW_LENDING_MORE("one of 4 is hot, moves every 5 s, min-size 5") {

		@Override
		void play(LeaseFleet fleet) throws Exception {
			moveHeat(fleet, 60, "pool.database.min-size=5");
		}

	};

	static final Duration MOST = Duration.ofSeconds(40);

	private final String title;

	LeaseScenarios(String title) {
		this.title = title;
	}

	abstract void play(LeaseFleet fleet) throws Exception;

	/** Plays on a server, and tells what was seen. */
	LeaseFleet.Result run(LeaseGround ground) throws Exception {
		try (LeaseFleet fleet = new LeaseFleet(ground)) {
			play(fleet);
			return fleet.result(this.title);
		}
	}

	private static void moveHeat(LeaseFleet fleet, int hotSessions, String... settings) throws Exception {
		String sql = fleet.ground().sleep(0.02);
		List<String> all = new ArrayList<>(List.of(settings));
		all.add("pool.database.max-size=100");
		fleet.load(fleet.start(4, all.toArray(String[]::new)), 40, sql);
		fleet.watchUntil(fleet::isFair, MOST);
		long before = fleet.instance(0).status().done();
		fleet.watch(Duration.ofSeconds(4));
		long equal = (fleet.instance(0).status().done() - before) / 4;
		for (int hot = 0; hot < 4; hot++) {
			for (int i = 0; i < 4; i++) {
				fleet.instance(i).load((i == hot) ? 80 : 1, sql);
			}
			String name = fleet.instance(hot).name();
			long followed = fleet.watchUntil((sessions) -> sessions.getOrDefault(name, 0) >= hotSessions,
					Duration.ofSeconds(10));
			fleet.watch(Duration.ofSeconds(1));
			before = fleet.instance(hot).status().done();
			long idle = fleet.instance((hot + 1) % 4).status().done();
			fleet.watch(Duration.ofSeconds(4));
			fleet.note("followed in %d ms, %d/s of %d/s, an idle one %d/s".formatted(followed,
					(fleet.instance(hot).status().done() - before) / 4, equal,
					(fleet.instance((hot + 1) % 4).status().done() - idle) / 4));
		}
	}

	private static boolean isWell(LeaseFleet fleet) throws Exception {
		for (InstanceProcess instance : fleet.instances()) {
			if (instance.status().degraded()) {
				return false;
			}
		}
		return true;
	}

	private static void reclaim(LeaseFleet fleet, InstanceProcess victim) throws Exception {
		fleet.kill(victim);
		fleet.note("sessions gone after " + fleet.watchUntil((sessions) -> !sessions.containsKey(victim.name()), MOST)
				+ " ms");
		fleet.note("others fair after " + fleet.watchUntil(fleet::isFair, MOST) + " ms more");
	}

	/** Plays on a server of its own. */
	LeaseFleet.Result run(boolean mariaDb) throws Exception {
		try (LeaseGround ground = mariaDb ? LeaseGround.mariaDb() : LeaseGround.postgres()) {
			return run(ground);
		}
	}

	/** The start of the table. */
	static String head() {
		return "| run | server | highest | budget | limit | refused | failed borrows | failed statements | seen |\n"
				+ "|---|---|---:|---:|---:|---:|---:|---:|---|";
	}

}
