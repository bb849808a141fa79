package io.poolwise.pool.hikari;

import java.util.Locale;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;

/**
 * The UTC time zone for drivers that convert times themselves: MySQL's and MariaDB's must
 * be told, since a bare statement would change what the server means and not what the
 * driver believes.
 */
public final class DriverTimeZone {

	private static final String ZONE = "connectionTimeZone";

	private static final String FORCE = "forceConnectionTimeZoneToSession";

	private DriverTimeZone() {
	}

	/**
	 * Has the driver use UTC, in what it converts and in its sessions, unless the
	 * settings say anything of time zones already.
	 * @param settings the settings of a pool that has not started; changed only if they
	 * have a URL of MySQL or MariaDB
	 * @return whether the driver was told
	 */
	public static boolean useUtc(HikariConfig settings) {
		String url = settings.getJdbcUrl();
		if (url == null || !(url.startsWith("jdbc:mysql:") || url.startsWith("jdbc:mariadb:"))) {
			return false;
		}
		Stream<String> told = Stream.concat(Stream.of(url),
				settings.getDataSourceProperties().stringPropertyNames().stream());
		if (told.map((text) -> text.toLowerCase(Locale.ROOT))
			.anyMatch((text) -> text.contains("timezone") || text.contains("time_zone"))) {
			return false;
		}
		settings.addDataSourceProperty(ZONE, "UTC");
		settings.addDataSourceProperty(FORCE, "true");
		return true;
	}

}
