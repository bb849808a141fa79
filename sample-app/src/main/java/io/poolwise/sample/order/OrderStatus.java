package io.poolwise.sample.order;

/**
 * How far an order has come.
 */
public enum OrderStatus {

	/**
	 * Stored, and its stock is reserved.
	 */
	PLACED,

	/**
	 * Worked off by the listener.
	 */
	CONFIRMED

}
