package io.poolwise.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.poolwise.testservers.NetworkNamespace;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;

/**
 * Plays scenarios in a network of their own, and prints the table. Its status is 1 if
 * Poolwise was worse than stock without a known cause.
 */
public final class FaultsRun {

	private FaultsRun() {
	}

	/**
	 * Classes or a jar of an earlier version of Poolwise.
	 * @return its path, {@code null} if none was named
	 */
	public static @Nullable String before() {
		return System.getProperty("faults.before");
	}

	/**
	 * Runs scenarios.
	 * @param args {@code scenario=} names or packages with commas, {@code quick} or
	 * {@code all}; {@code parallel=} how many at once; {@code logs=} a folder;
	 * {@code results=} the file that {@code all} writes; {@code before=} an earlier
	 * version of Poolwise
	 * @throws Exception if they can't be run
	 */
	public static void main(String[] args) throws Exception {
		System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
		if (!NetworkNamespace.isInside()) {
			System.exit(again(args));
		}
		Map<String, String> settings = new TreeMap<>();
		for (String arg : args) {
			settings.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
		}
		String before = settings.getOrDefault("before", "");
		if (!before.isEmpty()) {
			System.setProperty("faults.before", Path.of(before).toAbsolutePath().toString());
		}
		Path logs = Path.of(settings.getOrDefault("logs", "target/faults")).toAbsolutePath();
		Files.createDirectories(logs);
		String chosen = settings.getOrDefault("scenario", "quick");
		List<Result> results = play(choose(chosen), logs, Integer.parseInt(settings.getOrDefault("parallel", "2")));
		String table = FaultsTable.of(results);
		Files.writeString(logs.resolve("faults.md"), table);
		String target = settings.get("results");
		if (chosen.equals("all") && target != null) {
			Files.writeString(Path.of(target), table);
		}
		say(table);
		List<Result> worse = results.stream().filter(Result::fails).toList();
		worse.forEach((result) -> say("WORSE THAN STOCK: " + result.name() + ": " + result.reasons()));
		say((results.size() - worse.size()) + " of " + results.size() + " scenarios passed; logs in " + logs);
		System.exit(worse.isEmpty() ? 0 : 1);
	}

	private static int again(String[] args) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-Xss512k",
						"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
						FaultsRun.class.getName()));
		command.addAll(Arrays.asList(args));
		return NetworkNamespace.process(command).inheritIO().start().waitFor();
	}

	private static List<FaultScenario<?>> choose(String chosen) throws ReflectiveOperationException {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AssignableTypeFilter(FaultScenario.class));
		List<FaultScenario<?>> all = new ArrayList<>();
		for (var candidate : scanner.findCandidateComponents(FaultsRun.class.getPackageName())) {
			var constructor = Class.forName(candidate.getBeanClassName()).getDeclaredConstructor();
			constructor.setAccessible(true);
			all.add((FaultScenario<?>) constructor.newInstance());
		}
		all.sort(Comparator.comparing(FaultScenario::name));
		Set<String> names = Set.of(chosen.split(","));
		List<FaultScenario<?>> result = all.stream()
			.filter((scenario) -> chosen.equals("all") || (chosen.equals("quick") && scenario.quick())
					|| scenario.matches(names))
			.toList();
		if (result.isEmpty()) {
			throw new IllegalArgumentException(
					"No scenario " + chosen + "; there are " + all.stream().map(FaultScenario::name).toList());
		}
		return result;
	}

	private static List<Result> play(List<FaultScenario<?>> scenarios, Path logs, int parallel)
			throws InterruptedException, ExecutionException {
		warmUp();
		ExecutorService executor = Executors.newFixedThreadPool(parallel);
		List<Future<Result>> running = new ArrayList<>();
		for (FaultScenario<?> scenario : scenarios) {
			for (int i = 0; i < scenario.grounds().size(); i++) {
				int ground = i;
				running.add(executor.submit(() -> play(scenario, ground, logs)));
			}
		}
		List<Result> results = new ArrayList<>();
		for (Future<Result> result : running) {
			results.add(result.get());
		}
		executor.shutdown();
		return results;
	}

	/** Loads the classes, so that the first scenario isn't slower than the others. */
	private static void warmUp() {
		try (PostgresGround ground = PostgresGround.start()) {
			List<String> properties = new ArrayList<>(ground.properties());
			properties.addAll(Contender.LEASES.properties(1));
			try (LocalInstance instance = LocalInstance.start(FaultScenario.Application.class, properties)) {
				instance.beans().query("SELECT 1");
			}
		}
	}

	/** Plays a scenario on one of its grounds, and again if somebody was worse. */
	private static <G extends Ground> Result play(FaultScenario<G> scenario, int ground, Path logs) {
		long began = System.nanoTime();
		Result result = Round.play(scenario, scenario.grounds().get(ground), logs, 1);
		if (result.fails()) {
			Result again = Round.play(scenario, scenario.grounds().get(ground), logs, 2);
			result = result.better(again);
		}
		say("%s (%s), %d s: %s".formatted(result.name(), result.server(), (System.nanoTime() - began) / 1_000_000_000,
				result.summary()));
		return result;
	}

	private static void say(String line) {
		byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
		System.out.write(bytes, 0, bytes.length);
		System.out.flush();
	}

	/**
	 * What came of a scenario on one ground.
	 *
	 * @param name the scenario's name
	 * @param title what happens
	 * @param server the server's name
	 * @param knownCause an open fault, or {@code null}
	 * @param seen what was seen of each contender
	 * @param error why it couldn't be played, or {@code null}
	 */
	record Result(String name, String title, String server, @Nullable String knownCause,
			Map<Contender, Measurement> seen, @Nullable String error) {

		Verdict verdict(Contender contender) {
			Measurement stock = this.seen.get(Contender.STOCK);
			Measurement other = this.seen.get(contender);
			return (stock == null || other == null) ? new Verdict(List.of("not played")) : Verdict.of(stock, other);
		}

		boolean worse() {
			return this.error != null || verdict(Contender.FIXED).worse() || verdict(Contender.LEASES).worse();
		}

		boolean fails() {
			return this.error != null || (worse() && this.knownCause == null);
		}

		/**
		 * Worse is whoever is worse twice: contenders keep their better round, with stock
		 * of the same.
		 */
		Result better(Result again) {
			return again.worse() && badness() < again.badness() ? this : again;
		}

		private int badness() {
			return (this.error != null) ? 100
					: verdict(Contender.FIXED).reasons().size() + verdict(Contender.LEASES).reasons().size();
		}

		String reasons() {
			if (this.error != null) {
				return this.error;
			}
			List<String> all = new ArrayList<>();
			for (Contender contender : List.of(Contender.FIXED, Contender.LEASES)) {
				Verdict verdict = verdict(contender);
				if (verdict.worse()) {
					all.add(contender.key() + ": " + String.join(", ", verdict.reasons()));
				}
			}
			return String.join("; ", all);
		}

		String summary() {
			StringBuilder text = new StringBuilder(worse() ? "worse: " + reasons() : "ok");
			this.seen.forEach((contender,
					measurement) -> text.append("\n    ").append(contender.key()).append(' ').append(measurement));
			return text.toString();
		}

	}

}
