package io.poolwise.governor;

/**
 * Signals that leases are a must and cannot be had on a pool's server.
 */
public final class LeasesImpossibleException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String pool;

	private final String objection;

	/**
	 * Creates an exception.
	 * @param pool the pool's name
	 * @param objection why not, one sentence without its full stop
	 */
	public LeasesImpossibleException(String pool, String objection) {
		super(pool + ": pool.leases.mode is on, but " + objection);
		this.pool = pool;
		this.objection = objection;
	}

	/**
	 * The pool.
	 * @return its name
	 */
	public String pool() {
		return this.pool;
	}

	/**
	 * Why leases cannot be had.
	 * @return one sentence without its full stop
	 */
	public String objection() {
		return this.objection;
	}

}
