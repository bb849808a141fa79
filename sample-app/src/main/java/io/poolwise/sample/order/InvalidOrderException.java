package io.poolwise.sample.order;

/**
 * Thrown for a request that no stock could ever satisfy.
 */
public final class InvalidOrderException extends IllegalArgumentException {

	InvalidOrderException(String message) {
		super(message);
	}

}
