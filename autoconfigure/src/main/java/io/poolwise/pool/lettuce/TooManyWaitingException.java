package io.poolwise.pool.lettuce;

/**
 * Says that a caller may not wait, since as many as may do so already. Made for each one
 * that is refused, so it has no stack.
 */
final class TooManyWaitingException extends Exception {

	TooManyWaitingException() {
		super("Too many callers wait", null, false, false);
	}

}
