package io.poolwise.pool;

import java.util.Locale;

/**
 * Why callers got no connection.
 */
public enum Verdict {

	/**
	 * Connections are not given back by whoever borrowed them.
	 */
	LEAK("Close what is borrowed (try-with-resources); pool.database.leak-detection-threshold logs each place."),

	/**
	 * Threads wait for a second connection while they hold one.
	 */
	NESTED("Avoid a second connection within a transaction (REQUIRES_NEW, another data source call), or keep fewer "
			+ "threads than connections."),

	/**
	 * Statements run long.
	 */
	SLOW_STATEMENTS("Look at the server's running statements and locks; pool.database.command-timeout ends long ones."),

	/**
	 * Connections are held long while their threads do something else.
	 */
	BUSY_ELSEWHERE("Do remote calls and long computations before or after the transaction, not within."),

	/**
	 * Connections come back soon, and there are too few of them.
	 */
	UNDERSIZED("Raise pool.database.max-size within the budget, or do less at a time."),

	/**
	 * The pool was still opening connections.
	 */
	COLD("Raise pool.database.min-size, so that bursts find connections open."),

	/**
	 * The server has no connection left.
	 */
	SERVER_FULL(
			"Find who else uses the server's connections; lower pool.database.budget.share, or tell pool.replicas."),

	/**
	 * The server doesn't answer.
	 */
	SERVER_DOWN("Look at the server and the network."),

	/**
	 * The server answers and lets nobody in.
	 */
	SERVER_REFUSES("Look at the failure: user, password, database, rights, or the leases of the fleet."),

	/**
	 * Nothing that was seen explains it.
	 */
	UNKNOWN("Look at the threads of the application.");

	private final String nextStep;

	Verdict(String nextStep) {
		this.nextStep = nextStep;
	}

	/**
	 * The name that logs, JSON and exceptions use.
	 * @return the name in lower case, words apart by a dash
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * What to do about it.
	 * @return one sentence
	 */
	public String nextStep() {
		return this.nextStep;
	}

}
