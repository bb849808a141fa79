package io.poolwise.pool.hikari;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Failures in words for an operator.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * Describes a failure by its message, on one line, with the SQL state if it has one.
	 * @param failure what happened
	 * @return one line
	 */
	static String describe(@Nullable Throwable failure) {
		if (failure == null) {
			return "unknown";
		}
		String message = (failure.getMessage() != null) ? failure.getMessage() : failure.getClass().getSimpleName();
		String line = message.lines().findFirst().orElse(message).strip();
		return (failure instanceof SQLException sql && sql.getSQLState() != null)
				? line + " (SQLSTATE " + sql.getSQLState() + ")" : line;
	}

}
