package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Failures in words for an operator.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * Takes off what futures wrap a failure in.
	 * @param failure what a future failed with
	 * @return what happened
	 */
	static Throwable unwrap(Throwable failure) {
		Throwable cause = failure.getCause();
		boolean wrapper = failure instanceof CompletionException || failure instanceof ExecutionException;
		return (wrapper && cause != null) ? unwrap(cause) : failure;
	}

	/**
	 * Describes a failure and what is behind it on one line. Lettuce puts the reason,
	 * such as "Connection refused", into the cause.
	 * @param failure what happened
	 * @return one line
	 */
	static String describe(@Nullable Throwable failure) {
		if (failure == null) {
			return "unknown";
		}
		Throwable first = unwrap(failure);
		Throwable root = first;
		while (root.getCause() != null && root.getCause() != root) {
			root = root.getCause();
		}
		return (root != first) ? line(first) + ": " + line(root) : line(first);
	}

	private static String line(Throwable failure) {
		String message = failure.getMessage();
		return (message != null) ? message.lines().findFirst().orElse(message).strip()
				: failure.getClass().getSimpleName();
	}

}
