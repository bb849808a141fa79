package io.poolwise.faults;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes the first failures of each kind with their traces into the contender's log.
 */
final class FailureLog {

	private static final int EACH = 2;

	private static final Map<String, AtomicInteger> SEEN = new ConcurrentHashMap<>();

	private FailureLog() {
	}

	static void add(Throwable failure) {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		String key = ((group != null) ? System.identityHashCode(group) : 0) + Operation.nameOf(failure);
		int count = SEEN.computeIfAbsent(key, (unused) -> new AtomicInteger()).incrementAndGet();
		if (count <= EACH) {
			StringWriter trace = new StringWriter();
			failure.printStackTrace(new PrintWriter(trace));
			FaultsLog.note(System.nanoTime() / 1_000_000 + " FAILED " + trace);
		}
	}

}
