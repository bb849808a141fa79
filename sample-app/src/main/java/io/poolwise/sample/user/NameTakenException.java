package io.poolwise.sample.user;

/**
 * Thrown when somebody else has signed up with a name.
 */
public final class NameTakenException extends RuntimeException {

	NameTakenException(String name) {
		super("'" + name + "' is taken");
	}

}
