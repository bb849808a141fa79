package io.poolwise.bench;

import java.util.Collections;
import java.util.List;

/**
 * What was measured several times.
 *
 * @param values one a measurement, at least one, in ascending order
 */
record Spread(List<Double> values) {

	Spread {
		values = values.stream().sorted().toList();
	}

	double median() {
		int middle = this.values.size() / 2;
		return (this.values.size() % 2 == 1) ? this.values.get(middle)
				: (this.values.get(middle - 1) + this.values.get(middle)) / 2;
	}

	double least() {
		return Collections.min(this.values);
	}

	double most() {
		return Collections.max(this.values);
	}

}
