package io.poolwise.governor;

/**
 * Signals that a pooler stands before the server and nobody said how many connections the
 * pooler grants.
 */
public final class PoolerLimitUnknownException extends RuntimeException {

	private final String evidence;

	private final String limitKey;

	PoolerLimitUnknownException(String pool, String evidence, String limitKey) {
		super(pool + ": a pooler stands before the server (" + evidence + ") and " + limitKey + " is not set");
		this.evidence = evidence;
		this.limitKey = limitKey;
	}

	/**
	 * How the pooler was recognised.
	 * @return one line
	 */
	public String evidence() {
		return this.evidence;
	}

	/**
	 * The key that would say how many it grants.
	 * @return the full name
	 */
	public String limitKey() {
		return this.limitKey;
	}

}
