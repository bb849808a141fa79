package io.poolwise.pool;

import java.time.Duration;

/**
 * A started pool over a real server, used as an application would use it, and the
 * server's own view of it.
 */
public interface PoolFixture extends AutoCloseable {

	/**
	 * The pool under test.
	 * @return the port
	 */
	ManagedPool pool();

	/**
	 * Borrows one connection (channel for RabbitMQ), waiting as long as the pool was told
	 * to when the fixture was created. May be called by many threads.
	 * @return the borrowed connection, which is really open
	 * @throws Exception when none came in time
	 */
	Borrowed borrow() throws Exception;

	/**
	 * Asks the server how many connections this pool holds, over a connection that is not
	 * among them. Must work after {@link #close()} too.
	 * @return the connections (channels for RabbitMQ) that the server counts
	 * @throws Exception when the server could not be asked
	 */
	int serverConnections() throws Exception;

	/**
	 * Closes the pool, as the end of the application does. The server stays.
	 * @throws Exception when that failed
	 */
	@Override
	void close() throws Exception;

	/**
	 * A borrowed connection. Closing it gives it back.
	 */
	interface Borrowed extends AutoCloseable {

		/**
		 * Keeps the connection busy on the server and checks that the answer is right.
		 * @param time how long, at least
		 * @throws Exception when the work was cut
		 */
		void work(Duration time) throws Exception;

	}

}
