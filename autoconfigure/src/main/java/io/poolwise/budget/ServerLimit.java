package io.poolwise.budget;

import java.util.List;

/**
 * What a server grants an ordinary role, counted in connections (channels for RabbitMQ),
 * over all its clients together.
 * <p>
 * Immutable and thread-safe.
 *
 * @param connections the connections granted, 0 or more; 0 is what a server says that
 * lets no ordinary role in (such as a role limit of 0), and leads to a budget of 0
 * @param source where the number comes from
 * @param reasons how the number was derived, in plain words, in order; may be empty
 * @param bounds the server's own limits one by one, also where a key replaces them
 */
public record ServerLimit(int connections, Source source, List<String> reasons, LimitBounds bounds) {

	public ServerLimit {
		if (connections < 0) {
			throw new IllegalArgumentException("A server limit can't be negative, but was " + connections);
		}
		reasons = List.copyOf(reasons);
	}

	/**
	 * Creates a limit that was set by hand and replaces what the server would say.
	 * @param limit the connections, at least 1
	 * @param key the full configuration key that holds the limit, named in the reason and
	 * in the message of a refusal
	 * @return a limit with the source {@link Source#KEY}
	 * @throws IllegalArgumentException if the limit is below 1
	 */
	public static ServerLimit ofKey(int limit, String key) {
		if (limit < 1) {
			throw new IllegalArgumentException(key + " must be at least 1, but was " + limit);
		}
		return new ServerLimit(limit, Source.KEY, List.of(key + " = " + limit), LimitBounds.UNKNOWN);
	}

	/**
	 * Creates a limit that was read from the server itself.
	 * @param limit the connections, 0 or more
	 * @param reasons how the number was derived
	 * @return a limit with the source {@link Source#SERVER}
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public static ServerLimit ofServer(int limit, List<String> reasons) {
		return ofServer(new LimitBounds(limit, LimitBounds.NONE, LimitBounds.NONE), reasons);
	}

	/**
	 * Creates a limit that was read from the server itself, and is the least of several.
	 * @param bounds the limits one by one, at least one of them
	 * @param reasons how the number was derived
	 * @return a limit with the source {@link Source#SERVER}
	 */
	public static ServerLimit ofServer(LimitBounds bounds, List<String> reasons) {
		return new ServerLimit(bounds.least(), Source.SERVER, reasons, bounds);
	}

	/**
	 * Adds what the server says of itself, though a key replaces it.
	 * @param bounds the server's own limits one by one
	 * @return the same limit with these
	 */
	public ServerLimit within(LimitBounds bounds) {
		return new ServerLimit(this.connections, this.source, this.reasons, bounds);
	}

	/**
	 * Where a limit comes from.
	 */
	public enum Source {

		/** The server was asked. */
		SERVER("server"),

		/** A configuration key says so. */
		KEY("key");

		private final String jsonName;

		Source(String jsonName) {
			this.jsonName = jsonName;
		}

		/**
		 * Returns the name of this source in JSON, {@code server} or {@code key}.
		 * @return the name in lower case
		 */
		public String jsonName() {
			return this.jsonName;
		}

	}

}
