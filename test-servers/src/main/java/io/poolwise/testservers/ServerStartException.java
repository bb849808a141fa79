package io.poolwise.testservers;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a server doesn't come up. The message says which one and why, and ends with
 * the last lines of the server's own log when it got far enough to write one.
 */
public class ServerStartException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ServerStartException(String message) {
		super(message);
	}

	ServerStartException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
