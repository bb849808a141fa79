package io.poolwise.advice;

/**
 * How far an advice can be trusted.
 */
public enum Confidence {

	/** The measurements contradict each other, or don't show all of the demand. */
	LOW("low"),

	/** Enough to start from; a longer window would narrow the range. */
	FAIR("fair"),

	/** A long window without contradictions, and a narrow range. */
	GOOD("good");

	private final String jsonName;

	Confidence(String jsonName) {
		this.jsonName = jsonName;
	}

	/**
	 * Returns the name of this confidence in JSON.
	 * @return the name in lower case
	 */
	public String jsonName() {
		return this.jsonName;
	}

}
