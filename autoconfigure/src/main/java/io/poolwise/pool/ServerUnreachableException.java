package io.poolwise.pool;

import java.sql.SQLTransientConnectionException;

/**
 * A caller was not made to wait, since the pool's server can't be reached.
 */
public class ServerUnreachableException extends SQLTransientConnectionException implements PoolUnavailable {

	private final transient PoolShortage shortage;

	/**
	 * Creates the exception.
	 * @param shortage the pool as it was then
	 * @param why what the last connect failed with, in words
	 */
	public ServerUnreachableException(PoolShortage shortage, String why) {
		super("The server of the pool '" + shortage.pool() + "' can't be reached: " + why, "08001");
		this.shortage = shortage;
	}

	@Override
	public PoolShortage getShortage() {
		return this.shortage;
	}

}
