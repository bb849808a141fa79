package io.poolwise.bench;

import java.util.List;

import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs {@link CalculationBenchmark} and prints what each calculation takes.
 */
public final class CalculationReport {

	private CalculationReport() {
	}

	/**
	 * Prints Markdown.
	 * @param arguments the number of JVMs for each, 5 if there is none
	 */
	public static void main(String[] arguments) throws RunnerException {
		int forks = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 5;
		TimeReport.print(CalculationBenchmark.class, "calculation", Calculation.class, forks, List.of());
	}

}
