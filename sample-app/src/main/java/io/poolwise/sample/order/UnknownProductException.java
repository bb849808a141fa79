package io.poolwise.sample.order;

import java.util.Collection;
import java.util.List;

/**
 * Thrown when an order names products that aren't sold here.
 */
public final class UnknownProductException extends RuntimeException {

	private final List<String> skus;

	public UnknownProductException(Collection<String> skus) {
		super("unknown products: " + String.join(", ", skus));
		this.skus = List.copyOf(skus);
	}

	public List<String> skus() {
		return this.skus;
	}

}
