package io.poolwise.pool.hikari;

import java.sql.SQLTransientConnectionException;

/**
 * A caller was not made to wait, since the pool's server can't be reached.
 */
final class ServerUnreachableException extends SQLTransientConnectionException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param pool the pool's name
	 * @param why what the last connect failed with, in words
	 */
	ServerUnreachableException(String pool, String why) {
		super("The server of the pool '" + pool + "' can't be reached: " + why, "08001");
	}

}
