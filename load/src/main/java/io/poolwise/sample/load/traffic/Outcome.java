package io.poolwise.sample.load.traffic;

/**
 * How a request ended.
 */
public enum Outcome {

	/** Done as it should be. */
	COMPLETED,

	/** The order is stored, but not yet announced. */
	LATE,

	/** Turned away at once, with the time when to come again. */
	REFUSED,

	/** Anything else. */
	FAILED

}
