package io.poolwise.autoconfigure;

import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Checks the address of the coordination database before a driver sees it: drivers log an
 * address that they can't read, with the password that it may hold.
 */
final class LeaseUrl {

	static final String KEY = "pool.leases.url";

	private static final String EXAMPLE = " Use one such as jdbc:postgresql://host:5432/database, and the keys "
			+ "pool.leases.username and pool.leases.password.";

	private static final String POSTGRES = "jdbc:postgresql://";

	private LeaseUrl() {
	}

	/**
	 * Checks an address.
	 * @param url the address
	 * @return the same
	 * @throws SecretSettingException if it makes no sense
	 */
	static String checked(String url) {
		String place = place(url);
		check(url.startsWith("jdbc:"), "It is no JDBC URL.");
		check(place.chars().noneMatch(Character::isWhitespace), "It has a blank before its options.");
		check(place.indexOf('@') < 0, "It has a user before its host.");
		check(!place.startsWith(POSTGRES) || place.substring(POSTGRES.length()).matches("[^/]*/[^/]*"),
				"It doesn't have one '/' between its host and its database.");
		try {
			DriverManager.getDriver(url);
			return url;
		}
		catch (SQLException ex) {
			throw new SecretSettingException(KEY, "No driver on the class path takes it." + EXAMPLE);
		}
	}

	/**
	 * What stands before the options.
	 */
	private static String place(String url) {
		int options = url.indexOf('?');
		return (options >= 0) ? url.substring(0, options) : url;
	}

	/**
	 * The options, which may be a password.
	 */
	static String options(String url) {
		int options = url.indexOf('?');
		return (options >= 0) ? url.substring(options + 1) : "";
	}

	private static void check(boolean valid, String reason) {
		if (!valid) {
			throw new SecretSettingException(KEY, reason + EXAMPLE);
		}
	}

}
