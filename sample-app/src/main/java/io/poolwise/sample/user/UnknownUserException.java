package io.poolwise.sample.user;

/**
 * Thrown when nobody has signed up with a name.
 */
public final class UnknownUserException extends RuntimeException {

	UnknownUserException(String name) {
		super("there is no user '" + name + "'");
	}

}
