package io.poolwise.sample.load.traffic;

/**
 * How a request ended.
 */
public enum Outcome {

	/** Done as it should be. */
	COMPLETED,

	/** The order is stored, but not yet announced. */
	LATE,

	/**
	 * Turned away by the starter, with the time when to come again: at once where callers
	 * are bounded, else because the wait for a connection was over.
	 */
	REFUSED,

	/** Anything else. */
	FAILED

}
