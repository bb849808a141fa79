package io.poolwise.pool;

/**
 * What every exception tells that a caller is given instead of a connection, whatever
 * type its library wants it to have: at once where too many wait already, or after the
 * acquire timeout.
 */
public interface PoolUnavailable {

	/**
	 * The pool as it was when the caller was turned away.
	 * @return name, counts and a hint when to try again
	 */
	PoolShortage getShortage();

}
