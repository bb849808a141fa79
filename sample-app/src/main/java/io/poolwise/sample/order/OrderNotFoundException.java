package io.poolwise.sample.order;

/**
 * Thrown when no order has the given number.
 */
public final class OrderNotFoundException extends RuntimeException {

	OrderNotFoundException(long id) {
		super("there is no order " + id);
	}

}
