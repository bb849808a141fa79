package io.poolwise.advice;

import java.time.Duration;

/**
 * A pool as it was at one moment, and what it did in the interval that ended there.
 *
 * @param used the connections in use at the moment, 0 or more
 * @param pending the callers that waited for one at the moment, 0 or more
 * @param completed the uses that ended in the interval, 0 or more; 0 throughout where it
 * isn't measured
 * @param held how long the completed uses held their connections, added up, 0 or more
 * @param waited how long their callers waited before, added up, 0 or more
 */
public record UsageSample(int used, int pending, long completed, Duration held, Duration waited) {

	public UsageSample {
		if (used < 0 || pending < 0 || completed < 0) {
			throw new IllegalArgumentException("A sample can't be negative, but was used " + used + ", pending "
					+ pending + ", completed " + completed);
		}
		if (held.isNegative() || waited.isNegative()) {
			throw new IllegalArgumentException(
					"A sample's times can't be negative, but were held " + held + ", waited " + waited);
		}
	}

	/**
	 * Creates a sample of the counts alone, where uses aren't measured.
	 * @param used the connections in use, 0 or more
	 * @param pending the callers that wait, 0 or more
	 * @return the sample
	 */
	public static UsageSample of(int used, int pending) {
		return new UsageSample(used, pending, 0, Duration.ZERO, Duration.ZERO);
	}

	/**
	 * Returns the connections that were wanted at the moment.
	 * @return those in use and one for each caller that waited
	 */
	public long demand() {
		return (long) this.used + this.pending;
	}

}
