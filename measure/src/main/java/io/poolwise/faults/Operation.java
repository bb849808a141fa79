package io.poolwise.faults;

import org.jspecify.annotations.Nullable;

/**
 * One operation that a caller ran. Times are those of {@link System#nanoTime()}, which
 * all processes of a machine share.
 *
 * @param kind what it counts as
 * @param start when it began
 * @param end when it ended
 * @param pace nanoseconds between two operations of its caller, 0 for none
 * @param failure the exception's class, or {@code null} if it succeeded
 */
record Operation(Kind kind, long start, long end, long pace, @Nullable String failure) {

	/** The failure of an operation that was still running when the trial ended. */
	static final String HUNG = "hung";

	enum Kind {

		/** The start of an instance. */
		START,

		/** One of the many operations of a caller. */
		STEADY,

		/** An operation that the fault must not cut. */
		CARRIED

	}

	boolean failed() {
		return this.failure != null;
	}

	/**
	 * Requests that fail with this operation: one for each that would have arrived while
	 * it ran, so that to fail late is not better than to fail at once.
	 */
	long weight() {
		return (this.pace > 0) ? Math.max(1, (this.end - this.start) / this.pace) : 1;
	}

	String line() {
		return this.kind + " " + this.start + " " + this.end + " " + this.pace + " "
				+ ((this.failure != null) ? this.failure : "-");
	}

	static Operation parse(String line) {
		String[] words = line.split(" ", 5);
		return new Operation(Kind.valueOf(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]),
				Long.parseLong(words[3]), words[4].equals("-") ? null : words[4]);
	}

	static String nameOf(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null && root.getCause() != root) {
			root = root.getCause();
		}
		String outer = failure.getClass().getSimpleName();
		return (root != failure) ? outer + "<-" + root.getClass().getSimpleName() : outer;
	}

}
