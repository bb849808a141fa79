package io.poolwise.governor;

import io.poolwise.budget.LimitReading;
import org.jspecify.annotations.Nullable;

/**
 * What is new in a server's answer, in words for an operator.
 *
 * @param before the last answer
 * @param after the new one
 */
record ReadingChange(LimitReading before, LimitReading after) {

	/**
	 * Describes the change.
	 * @return one line: limits and servers before and after, without a secret
	 */
	String describe() {
		String limits = limit(this.before) + " -> " + limit(this.after);
		String from = server(this.before);
		String to = server(this.after);
		if (to == null) {
			return limits;
		}
		String servers = (from == null || from.equals(to)) ? " on " + to : ", server " + from + " -> " + to;
		if (this.before instanceof LimitReading.Granted && this.after instanceof LimitReading.Granted granted) {
			String reasons = granted.limit().reasons().isEmpty() ? ""
					: ": " + String.join("; ", granted.limit().reasons());
			return "limit " + limits + servers + reasons;
		}
		return limits + servers;
	}

	private static String limit(LimitReading reading) {
		if (reading instanceof LimitReading.Granted granted) {
			return Integer.toString(granted.limit().connections());
		}
		if (reading instanceof LimitReading.Unlimited unlimited) {
			return unlimited.product() + " without a limit";
		}
		if (reading instanceof LimitReading.Pooled pooled) {
			return "a pooler (" + pooled.evidence() + ")";
		}
		return "not known";
	}

	private static @Nullable String server(LimitReading reading) {
		if (reading instanceof LimitReading.Granted granted) {
			return granted.identity().value();
		}
		if (reading instanceof LimitReading.Unlimited unlimited) {
			return unlimited.identity().value();
		}
		return (reading instanceof LimitReading.Pooled pooled) ? pooled.identity().value() : null;
	}

}
