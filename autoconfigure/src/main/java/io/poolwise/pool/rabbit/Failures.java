package io.poolwise.pool.rabbit;

import org.jspecify.annotations.Nullable;

/**
 * Failures in words for an operator.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * Describes a failure by the message of its first cause that has one, on one line.
	 * @param failure what happened
	 * @return one line
	 */
	static String describe(@Nullable Throwable failure) {
		Throwable told = failure;
		for (Throwable each = failure; each != null && each.getCause() != each; each = each.getCause()) {
			told = (each.getMessage() != null) ? each : told;
		}
		if (told == null) {
			return "unknown";
		}
		String message = (told.getMessage() != null) ? told.getMessage() : told.getClass().getSimpleName();
		return message.lines().findFirst().orElse(message).strip();
	}

}
