package io.poolwise.sample.load;

/**
 * What the one who sets the sizes by hand knows.
 *
 * @param replicas instances in steady state, the most there will be
 * @param surge instances on top during an update
 * @param limit what the database grants
 */
record Plan(int replicas, int surge, int limit) {

	/** The largest size with which the whole fleet stays below the limit. */
	int share() {
		return this.limit / (this.replicas + this.surge);
	}

}
