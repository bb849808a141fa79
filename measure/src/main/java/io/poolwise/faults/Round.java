package io.poolwise.faults;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One scenario, played by all contenders at the same time: whatever else the machine does
 * slows all of them.
 */
final class Round {

	/** For servers to start and to end. */
	private static final Duration ASIDE = Duration.ofMinutes(2);

	private Round() {
	}

	static <G extends Ground> FaultsRun.Result play(FaultScenario<G> scenario, Ground.Factory<? extends G> factory,
			Path logs, int round) {
		Phaser meeting = new Phaser(Contender.values().length);
		Map<Contender, Measurement> seen = Collections.synchronizedMap(new EnumMap<>(Contender.class));
		List<String> errors = Collections.synchronizedList(new ArrayList<>());
		AtomicReference<String> server = new AtomicReference<>("?");
		List<Thread> threads = new ArrayList<>();
		for (Contender contender : Contender.values()) {
			String name = scenario.name() + "-" + round + "-" + contender.key();
			ThreadGroup group = new ThreadGroup(name);
			Thread thread = new Thread(group, () -> {
				try (G ground = factory.start()) {
					server.set(ground.server());
					Path log = logs.resolve(
							scenario.name() + "-" + ground.server() + "-" + round + "-" + contender.key() + ".log");
					FaultsLog.useFile(group, log);
					seen.put(contender, play(scenario, ground, contender, log, meeting));
				}
				catch (Throwable ex) {
					StringWriter trace = new StringWriter();
					ex.printStackTrace(new PrintWriter(trace));
					errors.add(contender.key() + ": " + trace);
				}
				finally {
					meeting.arriveAndDeregister();
					close(group);
				}
			}, name);
			thread.setDaemon(true);
			threads.add(thread);
			thread.start();
		}
		await(threads, scenario.most(), errors);
		String error = errors.isEmpty() ? null : String.join("\n", errors);
		return new FaultsRun.Result(scenario.name(), scenario.title(), String.valueOf(server.get()),
				scenario.knownCause(), seen, error);
	}

	private static <G extends Ground> Measurement play(FaultScenario<G> scenario, G ground, Contender contender,
			Path log, Phaser meeting) throws Exception {
		try (Trial trial = new Trial(scenario, ground, contender, log, meeting)) {
			scenario.play(trial, ground);
			return trial.measure();
		}
	}

	private static void await(List<Thread> threads, Duration most, List<String> errors) {
		long deadline = System.nanoTime() + most.plus(ASIDE).toNanos();
		try {
			for (Thread thread : threads) {
				thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
				if (thread.isAlive()) {
					errors.add(thread.getName() + " takes too long: " + List.of(thread.getStackTrace()));
					thread.interrupt();
					thread.join(30_000);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void close(ThreadGroup group) {
		try {
			FaultsLog.close(group);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
