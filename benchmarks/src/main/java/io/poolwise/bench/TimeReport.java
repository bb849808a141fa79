package io.poolwise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a benchmark that has one parameter, each value in several JVMs, and prints what
 * one operation takes and what it leaves to the garbage collector.
 */
final class TimeReport {

	private static final String GARBAGE = "gc.alloc.rate.norm";

	private TimeReport() {
	}

	/**
	 * Prints Markdown.
	 * @param benchmark a class with one benchmark, in microseconds
	 * @param parameter the name of its parameter
	 * @param values the values that it takes
	 * @param forks the JVMs that each is measured in
	 * @param properties what the JVMs are told
	 */
	static <E extends Enum<E> & Titled> void print(Class<?> benchmark, String parameter, Class<E> values, int forks,
			List<String> properties) throws RunnerException {
		StringBuilder table = new StringBuilder(
				String.format("| what | us, median of %d | least to most | bytes |%n|---|---:|---|---:|%n", forks));
		for (E value : values.getEnumConstants()) {
			table.append(row(value, run(benchmark, parameter, value, forks, properties)));
		}
		System.out.print(table);
	}

	private static <E extends Enum<E>> RunResult run(Class<?> benchmark, String parameter, E value, int forks,
			List<String> properties) throws RunnerException {
		return new Runner(new OptionsBuilder().include(benchmark.getName() + "\\.")
			.param(parameter, value.name())
			.forks(forks)
			.jvmArgsAppend(properties.toArray(String[]::new))
			.addProfiler(GCProfiler.class)
			.verbosity(VerboseMode.SILENT)
			.build()).runSingle();
	}

	private static String row(Titled value, RunResult result) {
		List<Double> micros = new ArrayList<>();
		List<Double> bytes = new ArrayList<>();
		for (BenchmarkResult fork : result.getBenchmarkResults()) {
			micros.add(fork.getPrimaryResult().getScore());
			bytes.add(fork.getSecondaryResults().get(GARBAGE).getScore());
		}
		Spread time = new Spread(micros);
		return String.format(Locale.ROOT, "| %s | %s | %s to %s | %,.0f |%n", value.title(), digits(time.median()),
				digits(time.least()), digits(time.most()), new Spread(bytes).median());
	}

	private static String digits(double micros) {
		return String.format(Locale.ROOT, (micros < 10) ? "%.2f" : (micros < 100) ? "%.1f" : "%,.0f", micros);
	}

}
