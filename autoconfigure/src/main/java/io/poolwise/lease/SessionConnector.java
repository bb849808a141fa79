package io.poolwise.lease;

/**
 * Opens one connection beside the pool.
 *
 * @param <C> a connection
 * @param <X> what a failure is told with
 */
@FunctionalInterface
public interface SessionConnector<C, X extends Exception> {

	/**
	 * Opens a connection, in the time that the driver takes.
	 * @return the connection
	 * @throws X if there is none to be had
	 */
	C connect() throws X;

}
