package io.poolwise.pool.hikari;

/**
 * What a pool does while callers wait.
 *
 * @param maxPending callers that may wait for a connection, 0 for any number; the next
 * one is refused at once
 * @param postMortem whether it is found out who holds the connections when a caller gets
 * none
 */
public record PressureSettings(int maxPending, boolean postMortem) {

	/**
	 * Callers wait for as long as they like, and nobody asks why.
	 */
	public static final PressureSettings NONE = new PressureSettings(0, false);

	public PressureSettings {
		if (maxPending < 0) {
			throw new IllegalArgumentException("maxPending must be at least 0, was " + maxPending);
		}
	}

}
