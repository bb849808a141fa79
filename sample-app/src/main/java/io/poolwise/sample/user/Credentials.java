package io.poolwise.sample.user;

import org.jspecify.annotations.Nullable;

/**
 * Who somebody says to be. There is no password: this is about connections, and a good
 * hash would be about processors.
 *
 * @param name the user's name; valid with 1 to 80 characters
 */
record Credentials(@Nullable String name) {

	private static final int MAX_LENGTH = 80;

	/**
	 * The name, if it is one.
	 * @return the name
	 * @throws InvalidNameException if it is missing, blank or too long
	 */
	String checkedName() {
		if (this.name == null || this.name.isBlank() || this.name.length() > MAX_LENGTH) {
			throw new InvalidNameException(MAX_LENGTH);
		}
		return this.name;
	}

}
