package io.poolwise.autoconfigure;

/**
 * Checks the address of the coordination database before a driver sees it.
 */
final class LeaseUrl {

	static final String KEY = "pool.leases.url";

	private LeaseUrl() {
	}

	/**
	 * Checks an address.
	 * @param url the address
	 * @return the same
	 * @throws SecretSettingException if it makes no sense
	 */
	static String checked(String url) {
		return JdbcUrl.checked(KEY, url);
	}

	/**
	 * The options, which may be a password.
	 */
	static String options(String url) {
		return JdbcUrl.options(url);
	}

}
