package io.poolwise.sample.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of one contender in one round of a scenario.
 *
 * @param scenario the scenario's name
 * @param contender the contender's name
 * @param round which round, from 1 on
 * @param values the numbers, by metric, in the order of the columns
 * @param notes what else is worth to be said
 * @param timeline second by second, may be empty
 */
record Measurement(String scenario, String contender, int round, Map<String, Double> values, List<String> notes,
		List<Moment> timeline) {

	Measurement {
		values = new LinkedHashMap<>(values);
		notes = List.copyOf(notes);
		timeline = List.copyOf(timeline);
	}

	double value(String metric) {
		return this.values.getOrDefault(metric, Double.NaN);
	}

	/** The same under another name, with one note more. */
	Measurement named(String name, String note) {
		List<String> more = new ArrayList<>(this.notes);
		more.add(note);
		return new Measurement(this.scenario, name, this.round, this.values, more, this.timeline);
	}

	/**
	 * One second.
	 *
	 * @param sessions the most sessions at the database
	 * @param completed requests completed
	 * @param refused requests refused
	 * @param failed requests failed
	 */
	record Moment(int sessions, long completed, long refused, long failed) {
	}

}
