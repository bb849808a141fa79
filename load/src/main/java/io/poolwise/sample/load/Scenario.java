package io.poolwise.sample.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import io.poolwise.sample.load.traffic.Behaviour;

/**
 * An incident.
 */
enum Scenario {

	/** Many users, three instances. */
	FLEET("600 users over 3 instances", new Plan(3, 1, Servers.LIMIT), "stock", "stock-20", "oversized",
			"poolwise-fixed", "poolwise-leases", "oracle", "flexy-pool", "pgbouncer") {

		@Override
		void play(Trial trial) throws Exception {
			trial.begin(3);
			come(trial, Behaviour.ORDERS, 600);
			trial.pass(trial.settings().duration());
			trial.finish(true);
			trial.awaitWorker();
		}

	},

	/** Each of three instances is replaced, one after the other, under load. */
	ROLLING("a rolling update of 3 instances, 600 users", new Plan(3, 1, Servers.LIMIT), "stock", "oversized",
			"poolwise-fixed", "poolwise-leases", "oracle", "flexy-pool", "pgbouncer") {

		@Override
		void play(Trial trial) throws Exception {
			List<Instance> old = trial.begin(3);
			List<Instance> serving = new ArrayList<>(old);
			come(trial, Behaviour.ORDERS, 600);
			for (Instance leaving : old) {
				List<Instance> fresh = trial.fleet().start(1);
				if (fresh.isEmpty()) {
					trial.note("the update got stuck");
					break;
				}
				serving.addAll(fresh);
				serving.remove(leaving);
				leave(trial, serving, List.of(leaving));
			}
			trial.pass(trial.settings().duration().dividedBy(4));
			trial.finish(true);
			trial.awaitWorker();
		}

	},

	/**
	 * Three instances become six, each of which is sent users as soon as it is ready, and
	 * then two, under load.
	 */
	SCALING("3 -> 6 -> 2 instances, 600 users", new Plan(6, 2, Servers.LIMIT), "stock", "static-12", "static-16",
			"static-24", "poolwise-fixed", "poolwise-leases", "flexy-pool", "pgbouncer") {

		@Override
		void play(Trial trial) throws Exception {
			Duration quarter = trial.settings().duration().dividedBy(4);
			List<Instance> serving = new ArrayList<>(trial.begin(3));
			come(trial, Behaviour.ORDERS, 600);
			trial.pass(quarter);
			trial.fleet().start(3, (ready) -> {
				serving.add(ready);
				trial.direct(serving);
			});
			if (serving.size() < 6) {
				trial.note((6 - serving.size()) + " of 6 instances never started");
			}
			trial.pass(quarter);
			leave(trial, serving.subList(0, 2), List.copyOf(serving.subList(2, serving.size())));
			trial.pass(quarter);
			trial.finish(true);
			trial.awaitWorker();
		}

	},

	/** Nearly all the load is on one of four. */
	HOT("one hot instance of 4: it gets 17 of 20 requests, 300 users", new Plan(4, 1, Servers.LIMIT), "stock",
			"poolwise-fixed", "poolwise-leases", "oracle", "flexy-pool", "pgbouncer") {

		@Override
		void play(Trial trial) throws Exception {
			List<Instance> instances = trial.begin(4);
			List<Instance> weighted = new ArrayList<>(instances);
			weighted.addAll(Collections.nCopies(16, instances.get(0)));
			trial.users(Behaviour.ORDERS, trial.settings().users(300));
			trial.direct(weighted);
			trial.pass(trial.settings().warmUp());
			trial.measure();
			trial.pass(trial.settings().duration());
			trial.finish(true);
			trial.awaitWorker();
		}

	},

	/** Sign-ups and logins at one instance, of ever more users. */
	LOGINS("30 users, 3 more each second, sign up and log in at 1 instance", new Plan(1, 0, Servers.LIMIT),
			"five-and-ten", "poolwise-five-and-ten", "poolwise-fixed") {

		@Override
		void play(Trial trial) throws Exception {
			trial.begin(1);
			come(trial, Behaviour.LOGINS, 30);
			trial.pass(trial.settings().duration());
			trial.finish(true);
		}

	},

	/** Everybody opens the application at the same moment. */
	PUSH("a push to 2,000 people at once, 1 instance", new Plan(1, 0, Servers.LIMIT), "five-and-ten",
			"poolwise-five-and-ten", "poolwise-max-pending", "poolwise-fixed") {

		@Override
		void play(Trial trial) throws Exception {
			Instance instance = trial.begin(1).get(0);
			trial.lookAround(instance);
			trial.measureProcessors();
			trial.users(Behaviour.PUSH, trial.settings().users(2000));
			trial.finish(false);
			trial.askOfRefusals(instance);
		}

	},

	/** What the endpoint says while people log in. */
	TEN_LOGINS("ten concurrent logins, as /actuator/metrics/db-pool tells", new Plan(1, 0, Servers.LIMIT),
			"poolwise-dev", "poolwise-fixed") {

		@Override
		void play(Trial trial) throws Exception {
			new TenLogins(trial.begin(1).get(0)).play(trial);
		}

	},

	/** Hundreds of connects at the same moment, without any instance of the sample. */
	COLD("600 cold connections", new Plan(1, 0, ColdConnections.LIMIT), "at-once", "hikari", "poolwise") {

		@Override
		void play(Trial trial) {
			throw new UnsupportedOperationException();
		}

		@Override
		List<Measurement> measure(LoadSettings settings, String contender, int round) throws Exception {
			return ColdConnections.measure(settings, contender, round);
		}

	};

	private static final Duration DRAIN = Duration.ofSeconds(2);

	private final String title;

	@SuppressWarnings("ImmutableEnumChecker") // a record of numbers
	private final Plan plan;

	@SuppressWarnings("ImmutableEnumChecker") // made by List.of
	private final List<String> contenders;

	Scenario(String title, Plan plan, String... contenders) {
		this.title = title;
		this.plan = plan;
		this.contenders = List.of(contenders);
	}

	/** Plays the incident with one contender. */
	abstract void play(Trial trial) throws Exception;

	/** Measures one contender. */
	List<Measurement> measure(LoadSettings settings, String contender, int round) throws Exception {
		if (contender.equals("oracle")) {
			Oracle.Answer best = Oracle.ask(this, settings);
			return List.of(run(settings, Contender.fixed("oracle", best.size()), round)
				.named("oracle (" + best.size() + ")", "tried " + best.tried()));
		}
		return List.of(run(settings, Contender.of(contender), round));
	}

	Measurement run(LoadSettings settings, Contender contender, int round) throws Exception {
		try (Trial trial = new Trial(settings, contender, this.plan,
				settings.work().resolve(key() + "-" + contender.name() + "-" + round))) {
			play(trial);
			return trial.measurement(this, contender.name(), round);
		}
	}

	/** Users come, and when they are warm it is measured. */
	private static void come(Trial trial, Behaviour behaviour, int users) throws InterruptedException {
		trial.users(behaviour, trial.settings().users(users));
		trial.pass(trial.settings().warmUp());
		trial.measure();
	}

	/** Instances leave: first they get no traffic, then they are stopped. */
	private static void leave(Trial trial, List<Instance> staying, List<Instance> leaving) throws Exception {
		trial.direct(staying);
		trial.pass(DRAIN);
		trial.fleet().stop(leaving);
	}

	static Scenario of(String key) {
		return valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

	String key() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String title() {
		return this.title;
	}

	Plan plan() {
		return this.plan;
	}

	List<String> contenders() {
		return this.contenders;
	}

}
