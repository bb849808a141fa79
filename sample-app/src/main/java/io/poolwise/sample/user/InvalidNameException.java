package io.poolwise.sample.user;

/**
 * Thrown for a name that nobody can have.
 */
public final class InvalidNameException extends RuntimeException {

	InvalidNameException(int maxLength) {
		super("a name has 1 to " + maxLength + " characters");
	}

}
