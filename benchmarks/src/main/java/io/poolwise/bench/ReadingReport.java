package io.poolwise.bench;

import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs {@link ReadingBenchmark} beside real servers and prints what each answer takes.
 */
public final class ReadingReport {

	private ReadingReport() {
	}

	/**
	 * Prints Markdown.
	 * @param arguments the number of JVMs for each, 5 if there is none
	 */
	public static void main(String[] arguments) throws RunnerException {
		int forks = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 5;
		try (Servers servers = Servers.start()) {
			TimeReport.print(ReadingBenchmark.class, "reading", Reading.class, forks, servers.properties());
		}
	}

}
