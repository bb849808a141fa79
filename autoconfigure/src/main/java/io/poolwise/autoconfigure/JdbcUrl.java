package io.poolwise.autoconfigure;

import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Checks an address of a database before a driver sees it: drivers log an address that
 * they can't read, with the password that it may hold.
 */
final class JdbcUrl {

	private static final String POSTGRES = "jdbc:postgresql://";

	private JdbcUrl() {
	}

	/**
	 * Checks an address.
	 * @param key the key that holds it, and ends with {@code url}; beside it are keys for
	 * a user and a password
	 * @param url the address
	 * @return the same
	 * @throws SecretSettingException if it makes no sense
	 */
	static String checked(String key, String url) {
		String place = place(url);
		check(key, url.startsWith("jdbc:"), "It is no JDBC URL.");
		check(key, place.chars().noneMatch(Character::isWhitespace), "It has a blank before its options.");
		check(key, place.indexOf('@') < 0, "It has a user before its host.");
		check(key, !place.startsWith(POSTGRES) || place.substring(POSTGRES.length()).matches("[^/]*/[^/]*"),
				"It doesn't have one '/' between its host and its database.");
		try {
			DriverManager.getDriver(url);
			return url;
		}
		catch (SQLException ex) {
			throw new SecretSettingException(key, "No driver on the class path takes it." + example(key));
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

	private static void check(String key, boolean valid, String reason) {
		if (!valid) {
			throw new SecretSettingException(key, reason + example(key));
		}
	}

	private static String example(String key) {
		String start = key.substring(0, key.length() - "url".length());
		return " Use one such as jdbc:postgresql://host:5432/database, and the keys " + start + "username and " + start
				+ "password.";
	}

}
