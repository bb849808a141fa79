package io.poolwise.pool.hikari;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * How drivers are told to give up, by the properties that they have for it. A driver that
 * isn't known here is told nothing: some refuse a property that they don't know.
 */
final class DriverTimeouts {

	// longer than anybody waits for the answer, so that it is the asker who gives up
	static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String SECONDS = Long.toString(PATIENCE.toSeconds());

	private static final String MILLIS = Long.toString(PATIENCE.toMillis());

	private static final Map<String, String> POSTGRESQL = Map.of("connectTimeout", SECONDS, "loginTimeout", SECONDS,
			"socketTimeout", SECONDS);

	private static final Map<String, String> MYSQL = Map.of("connectTimeout", MILLIS, "socketTimeout", MILLIS);

	private DriverTimeouts() {
	}

	/**
	 * The driver's properties with its timeouts set.
	 * @param url where the driver connects to
	 * @param properties the properties that it would have; not changed
	 * @return a copy, {@code null} if the driver has no timeouts that are known here
	 */
	static @Nullable Properties within(String url, Properties properties) {
		Map<String, String> timeouts = timeouts(url);
		if (timeouts.isEmpty()) {
			return null;
		}
		Properties copy = new Properties();
		copy.putAll(properties);
		copy.putAll(timeouts);
		return copy;
	}

	private static Map<String, String> timeouts(String url) {
		if (url.startsWith("jdbc:postgresql:")) {
			return POSTGRESQL;
		}
		return (url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:")) ? MYSQL : Map.of();
	}

}
