package io.poolwise.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.poolwise.testservers.TestServer;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link BorrowBenchmark} in rounds, each contender in a JVM of its own in each
 * round, and prints what they cost against plain HikariCP of the same round.
 */
public final class BorrowReport {

	private static final int[] THREADS = { 1, 8, 64 };

	private BorrowReport() {
	}

	/**
	 * Prints Markdown.
	 * @param arguments the number of rounds, 5 if there is none
	 */
	public static void main(String[] arguments) throws RunnerException {
		int rounds = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 5;
		try (TestServer server = PoolType.DATABASE.startServer()) {
			print(rounds, "-D" + PoolType.DATABASE.property() + "=" + server.port());
		}
	}

	private static void print(int rounds, String property) throws RunnerException {
		StringBuilder table = new StringBuilder();
		for (int threads : THREADS) {
			Map<Contender, List<Double>> nanos = new EnumMap<>(Contender.class);
			Map<Contender, List<Double>> ratios = new EnumMap<>(Contender.class);
			for (int round = 0; round < rounds; round++) {
				Map<Contender, Double> one = round(threads, round, property);
				one.forEach((contender, cost) -> {
					nanos.computeIfAbsent(contender, (key) -> new ArrayList<>()).add(cost);
					ratios.computeIfAbsent(contender, (key) -> new ArrayList<>()).add(cost / one.get(Contender.HIKARI));
				});
			}
			nanos.forEach((contender, costs) -> {
				Spread ratio = new Spread(ratios.get(contender));
				table.append(String.format(Locale.ROOT, "| %d | %s | %.0f | %.2f | %.2f to %.2f |%n", threads,
						contender.title(), new Spread(costs).median(), ratio.median(), ratio.least(), ratio.most()));
			});
		}
		System.out.printf(
				"| threads | pool | ns, median of %d | ratio, median | least to most |%n|---:|---|---:|---:|---|%n%s",
				rounds, table);
	}

	/**
	 * The nanoseconds of one borrow and return on one of the threads, by contender. Which
	 * comes first changes from round to round.
	 */
	private static Map<Contender, Double> round(int threads, int round, String property) throws RunnerException {
		List<Contender> order = new ArrayList<>(List.of(Contender.values()));
		Collections.rotate(order, round);
		Map<Contender, Double> costs = new EnumMap<>(Contender.class);
		for (Contender contender : order) {
			double perMicrosecond = new Runner(new OptionsBuilder().include(BorrowBenchmark.class.getName())
				.param("contender", contender.name())
				.threads(threads)
				.forks(1)
				.jvmArgsAppend(property)
				.verbosity(VerboseMode.SILENT)
				.build()).runSingle().getPrimaryResult().getScore();
			costs.put(contender, 1000 * threads / perMicrosecond);
		}
		return costs;
	}

}
