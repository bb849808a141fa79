package io.poolwise.sample.order;

/**
 * Thrown when fewer pieces are left than an order wants; nothing of that order is kept.
 */
public final class OutOfStockException extends RuntimeException {

	private final String sku;

	private final int quantity;

	public OutOfStockException(String sku, int quantity) {
		super("fewer than " + quantity + " of '" + sku + "' are left");
		this.sku = sku;
		this.quantity = quantity;
	}

	public String sku() {
		return this.sku;
	}

	/**
	 * How many pieces were wanted.
	 * @return pieces, at least 1
	 */
	public int quantity() {
		return this.quantity;
	}

}
