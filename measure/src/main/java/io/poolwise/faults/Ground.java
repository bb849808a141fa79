package io.poolwise.faults;

import java.util.List;

/**
 * The servers that one contender plays on, fresh for each trial. The truth about its
 * sessions comes from here, over an address that no fault touches.
 */
public abstract class Ground implements AutoCloseable {

	/**
	 * The server's name in the table.
	 * @return a product's name
	 */
	public abstract String server();

	/**
	 * How an instance reaches the servers.
	 * @return properties as {@code key=value}
	 */
	public abstract List<String> properties();

	/**
	 * Counts the sessions of the application at this moment.
	 * @return how many the server has, or -1 while it can't be asked
	 */
	public abstract int sessions();

	/**
	 * Ends the servers.
	 */
	@Override
	public abstract void close();

	/**
	 * Starts a ground.
	 *
	 * @param <G> what it is
	 */
	@FunctionalInterface
	public interface Factory<G extends Ground> {

		/**
		 * Starts the servers.
		 * @return the ground, ready for instances
		 * @throws Exception if they don't start
		 */
		G start() throws Exception;

	}

}
