package io.poolwise.faults;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was seen of one contender.
 *
 * @param failed requests that failed
 * @param cut operations that must not be cut and were, or never ended
 * @param failedStarts starts of instances that failed
 * @param startSeconds the longest start that succeeded
 * @param backSeconds from the end of the fault until all was well, NaN for never
 * @param perSecond operations that succeeded a second
 * @param slowest the 99th percentile of their times, in seconds
 * @param logLines lines of Poolwise a minute, from the fault on
 * @param sessions most sessions that the server had
 * @param failures failures by kind
 */
record Measurement(long failed, long cut, long failedStarts, double startSeconds, double backSeconds, double perSecond,
		double slowest, double logLines, int sessions, Map<String, Integer> failures) {

	static Measurement of(List<Operation> operations, long begin, long end, long until, double logLines, int sessions) {
		Map<String, Integer> failures = new TreeMap<>();
		long failed = 0;
		long cut = 0;
		long failedStarts = 0;
		double start = 0;
		long first = until;
		for (Operation operation : operations) {
			if (operation.failure() != null) {
				failures.merge(operation.kind() + " " + operation.failure(), 1, Integer::sum);
			}
			switch (operation.kind()) {
				case START -> {
					failedStarts += operation.failed() ? 1 : 0;
					start = Math.max(start, operation.failed() ? 0 : (operation.end() - operation.start()) / 1e9);
				}
				case CARRIED -> cut += operation.failed() ? 1 : 0;
				case STEADY -> {
					failed += operation.failed() ? operation.weight() : 0;
					first = Math.min(first, operation.start());
				}
			}
		}
		double[] times = operations.stream()
			.filter((operation) -> operation.kind() == Operation.Kind.STEADY && !operation.failed())
			.mapToDouble((operation) -> (operation.end() - operation.start()) / 1e9)
			.sorted()
			.toArray();
		double seconds = Math.max(0.001, (until - first) / 1e9);
		return new Measurement(failed, cut, failedStarts, start, Recovery.seconds(operations, begin, end, until),
				times.length / seconds, (times.length == 0) ? Double.NaN : times[(int) (times.length * 0.99)], logLines,
				sessions, failures);
	}

}
