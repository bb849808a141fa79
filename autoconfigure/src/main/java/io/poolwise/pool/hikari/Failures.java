package io.poolwise.pool.hikari;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;

import io.poolwise.pool.ConnectTrouble;
import org.jspecify.annotations.Nullable;

/**
 * Failures in words for an operator.
 */
final class Failures {

	/**
	 * Of PostgreSQL: too many connections.
	 */
	private static final Set<String> FULL_STATES = Set.of("53300");

	/**
	 * Of MySQL and MariaDB: too many connections, of all, of this user, of this user's
	 * grant.
	 */
	private static final Set<Integer> FULL_CODES = Set.of(1040, 1203, 1226);

	/**
	 * The connection could not be made, or was lost; PostgreSQL is stopping or starting.
	 */
	private static final Set<String> DOWN_STATES = Set.of("08000", "08001", "08003", "08006", "08S01", "57P01", "57P02",
			"57P03");

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

	/**
	 * Tells what kind of failure kept a pool from connecting.
	 * @param failure what happened
	 * @return the kind, never {@link ConnectTrouble#NONE}
	 */
	static ConnectTrouble trouble(Throwable failure) {
		ConnectTrouble trouble = ConnectTrouble.REFUSED;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && isFull(sql)) {
				return ConnectTrouble.SERVER_FULL;
			}
			if (isDown(cause)) {
				trouble = ConnectTrouble.SERVER_DOWN;
			}
			if (cause.getCause() == cause) {
				break;
			}
		}
		return trouble;
	}

	private static boolean isFull(SQLException failure) {
		return FULL_STATES.contains(String.valueOf(failure.getSQLState()))
				|| FULL_CODES.contains(failure.getErrorCode());
	}

	private static boolean isDown(Throwable failure) {
		return failure instanceof SocketException || failure instanceof SocketTimeoutException
				|| failure instanceof UnknownHostException
				|| (failure instanceof SQLException sql && DOWN_STATES.contains(String.valueOf(sql.getSQLState())));
	}

}
