package io.poolwise.autoconfigure;

/**
 * A value that may hold a password makes no sense. Neither the message nor a cause shows
 * it.
 */
final class SecretSettingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * What stands in the place of a secret.
	 */
	static final String MASK = "******";

	private final String key;

	private final String reason;

	/**
	 * Refuses a value.
	 * @param key the full key
	 * @param reason what is wrong and what to do, in whole sentences, without the value
	 */
	SecretSettingException(String key, String reason) {
		super(key + " (" + MASK + "): " + reason);
		this.key = key;
		this.reason = reason;
	}

	String key() {
		return this.key;
	}

	String reason() {
		return this.reason;
	}

}
