package io.poolwise.pool.hikari;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * Timeouts of connections beside a pool, in the properties of the driver. A driver that
 * isn't known here keeps its own: some refuse a property that they don't know. Whatever
 * the URL itself sets wins.
 */
public enum DriverTimeouts {

	/**
	 * One short question. Longer than anybody waits for the answer, so that the asker
	 * gives up first.
	 */
	QUESTION(10, 10, 10),

	/**
	 * A coordinator, which has to be back a few seconds after a network healed. The
	 * attempt runs to its end: one that the driver abandons is of unknown outcome.
	 */
	COORDINATOR(3, 10, 0);

	private static final String CONNECT = "connectTimeout";

	private static final int POSTGRESQL_CONNECT_SECONDS = 10;

	private final int connectSeconds;

	private final int readSeconds;

	private final int loginSeconds;

	DriverTimeouts(int connectSeconds, int readSeconds, int loginSeconds) {
		this.connectSeconds = connectSeconds;
		this.readSeconds = readSeconds;
		this.loginSeconds = loginSeconds;
	}

	/**
	 * Adds the timeouts to the driver's properties.
	 * @param url where the driver connects to
	 * @param properties the properties that it would have; not changed
	 * @return a copy, {@code null} if the driver has no timeouts that are known here
	 */
	public @Nullable Properties within(String url, Properties properties) {
		Map<String, Integer> timeouts = timeouts(url);
		if (timeouts.isEmpty()) {
			return null;
		}
		Properties copy = new Properties();
		copy.putAll(properties);
		timeouts.forEach((name, value) -> copy.setProperty(name, value.toString()));
		return copy;
	}

	/**
	 * Has a connect that nobody answers fail before the whole login is abandoned. The
	 * driver of PostgreSQL waits 10 s for either, and an abandoned login doesn't tell
	 * whether there was an answer.
	 * @param url where the driver connects to
	 * @param properties the properties that it would have; not changed
	 * @param loginMillis the time after which a login is abandoned, in milliseconds
	 * @return the properties, or a copy with a timeout of the connect
	 */
	static Properties beforeLogin(String url, Properties properties, long loginMillis) {
		long seconds = loginMillis / 1000;
		if (!url.startsWith("jdbc:postgresql:") || url.contains(CONNECT + '=') || properties.containsKey(CONNECT)
				|| seconds < 2 || seconds > POSTGRESQL_CONNECT_SECONDS) {
			return properties;
		}
		Properties copy = new Properties();
		copy.putAll(properties);
		copy.setProperty(CONNECT, Long.toString(seconds - 1));
		return copy;
	}

	private Map<String, Integer> timeouts(String url) {
		Map<String, Integer> timeouts = new HashMap<>();
		if (url.startsWith("jdbc:postgresql:")) {
			timeouts.put(CONNECT, this.connectSeconds);
			timeouts.put("socketTimeout", this.readSeconds);
			timeouts.put("loginTimeout", this.loginSeconds);
		}
		else if (url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:")) {
			timeouts.put(CONNECT, this.connectSeconds * 1000);
			timeouts.put("socketTimeout", this.readSeconds * 1000);
		}
		return timeouts;
	}

}
