package io.poolwise.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The results as Markdown.
 */
final class FaultsTable {

	private static final String HEAD = """
			# Faults, beside stock Spring Boot

			Each scenario runs the same small application three times at the same moment, each on a server of its own: with
			Spring Boot as it is (`pool.enabled=false`), with a fixed number of instances (`pool.replicas`), and with leases.
			All three get the same callers and the same fault. In cells with three values they stand in this order: stock /
			fixed / leases.

			- **failed**: requests that failed. A caller makes ten a second; an operation that fails after 3 s counts as 30.
			- **cut**: operations that ran when the fault came, and that failed or never ended.
			- **back**: seconds from the end of the fault until operations succeed steadily; `-` for not within the trial.
			- **done/s**: operations that succeeded, a second.
			- **p99**: the 99th percentile of their times, with the wait for a connection, in seconds.
			- **log**: lines a minute that Poolwise wrote from the fault on.
			- **sessions**: the most that the server had of the application, by its own count.

			The wait for a connection is Boot's in all three (30 s for databases). Worse is more than 8 failures
			where stock has none, a second of requests or 5 % more than stock's where it has some, any cut more, back more than 5 s later, or less than 70 % of the operations; a scenario in which that happens is
			played once more, and only twice is worse.

			```bash
			mvn -Pfaults -pl measure -am verify
			mvn -Pfaults -pl measure -am verify -Dfaults.scenario=SilentNetworkCut
			```

			| scenario | server | failed | cut | back | done/s | p99 | log | sessions | verdict |
			|---|---|---|---|---|---|---|---|---|---|
			""";

	private FaultsTable() {
	}

	static String of(List<FaultsRun.Result> results) {
		StringBuilder table = new StringBuilder(HEAD);
		for (FaultsRun.Result result : results) {
			table.append("| ")
				.append(String.join(" | ", result.title(), result.server(), cell(result, Measurement::failed),
						cell(result, FaultsTable::cut),
						cell(result,
								(seen) -> Double.isNaN(seen.backSeconds()) ? "-"
										: String.format(Locale.ROOT, "%.0f", seen.backSeconds())),
						cell(result, (seen) -> String.format(Locale.ROOT, "%.0f", seen.perSecond())),
						cell(result, (seen) -> String.format(Locale.ROOT, "%.2f", seen.slowest())),
						cell(result, (seen) -> String.format(Locale.ROOT, "%.0f", seen.logLines())),
						cell(result, Measurement::sessions), verdict(result)))
				.append(" |\n");
		}
		return table.toString();
	}

	private static Object cut(Measurement seen) {
		return (seen.failedStarts() > 0) ? seen.cut() + " +" + seen.failedStarts() + " starts" : seen.cut();
	}

	private static String cell(FaultsRun.Result result, Function<Measurement, Object> value) {
		List<String> values = new ArrayList<>();
		for (Contender contender : Contender.values()) {
			Measurement seen = result.seen().get(contender);
			values.add((seen != null) ? String.valueOf(value.apply(seen)) : "?");
		}
		return String.join(" / ", values);
	}

	private static String verdict(FaultsRun.Result result) {
		if (result.error() != null) {
			return "**not played**";
		}
		String cause = result.knownCause();
		if (!result.worse()) {
			return (cause != null) ? "as stock; no longer: " + cause : "as stock";
		}
		return "**worse**: " + result.reasons() + ((cause != null) ? "; open: " + cause : "");
	}

}
