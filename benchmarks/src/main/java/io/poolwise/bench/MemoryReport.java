package io.poolwise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@link HeapProbe} with one pool and with several, with Poolwise and without, and
 * prints what a pool keeps on the heap: whatever a service has once is in both.
 */
public final class MemoryReport {

	private static final int FEW = 1;

	private static final int MANY = 11;

	private static final int[] SIZES = { 10, 50 };

	private static final int LARGEST = 12;

	/**
	 * A collection that leaves no gaps, which would count as arrays, and no caches that
	 * it may clear; no buffers that Netty keeps for later.
	 */
	private static final List<String> EXACT = List.of("-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1",
			"-XX:SoftRefLRUPolicyMSPerMB=0", "-Dio.netty.allocator.type=unpooled",
			"-Dio.netty.recycler.maxCapacityPerThread=0");

	private final Servers servers;

	private MemoryReport(Servers servers) {
		this.servers = servers;
	}

	/**
	 * Prints Markdown, and to standard error what the difference is made of.
	 * @param arguments the number of rounds, 3 if there is none
	 */
	public static void main(String[] arguments) throws Exception {
		int rounds = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 3;
		StringBuilder table = new StringBuilder(
				String.format("| pool | connections | without, bytes | with Poolwise | added, median of %d | least to "
						+ "most |%n|---|---:|---:|---:|---:|---|%n", rounds));
		try (Servers servers = Servers.start()) {
			MemoryReport report = new MemoryReport(servers);
			for (PoolType type : PoolType.values()) {
				for (int size : SIZES) {
					table.append(report.row(type, size, rounds));
				}
			}
		}
		System.out.print(table);
	}

	private String row(PoolType type, int size, int rounds) throws IOException, InterruptedException {
		List<Double> without = new ArrayList<>();
		List<Double> with = new ArrayList<>();
		List<Double> added = new ArrayList<>();
		for (int round = 0; round < rounds; round++) {
			Histogram plain = onePool(type, false, size);
			Histogram governed = onePool(type, true, size);
			without.add(plain.total());
			with.add(governed.total());
			added.add(governed.total() - plain.total());
			if (round == 0) {
				System.err.printf(Locale.ROOT, "%s, %d connections: added%n", type.title(), size);
				governed.less(plain, 1)
					.largest(LARGEST)
					.forEach((name, bytes) -> System.err.printf(Locale.ROOT, "  %,10.0f %s%n", bytes, name));
			}
		}
		Spread spread = new Spread(added);
		return String.format(Locale.ROOT, "| %s | %d | %,.0f | %,.0f | %,.0f | %,.0f to %,.0f |%n", type.title(), size,
				new Spread(without).median(), new Spread(with).median(), spread.median(), spread.least(),
				spread.most());
	}

	private Histogram onePool(PoolType type, boolean governed, int size) throws IOException, InterruptedException {
		return probe(type, governed, MANY, size).less(probe(type, governed, FEW, size), MANY - FEW);
	}

	private Histogram probe(PoolType type, boolean governed, int pools, int size)
			throws IOException, InterruptedException {
		Path result = Files.createTempFile("heap", ".txt");
		try {
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
			command.addAll(EXACT);
			command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
			command.addAll(this.servers.properties());
			command.addAll(List.of(HeapProbe.class.getName(), type.name(), Boolean.toString(governed),
					Integer.toString(pools), Integer.toString(size), result.toString()));
			Process process = new ProcessBuilder(command).inheritIO().start();
			if (!process.waitFor(5, TimeUnit.MINUTES)) {
				process.destroyForcibly();
				throw new IllegalStateException("Not ready after 5 minutes: " + command);
			}
			if (process.exitValue() != 0) {
				throw new IllegalStateException("Failed with " + process.exitValue() + ": " + command);
			}
			return Histogram.parse(Files.readString(result));
		}
		finally {
			Files.delete(result);
		}
	}

}
