package io.poolwise.sample.load.traffic;

/**
 * What users do.
 */
public enum Behaviour {

	/**
	 * A number of users, who come over 5 s. Each one orders, thinks, looks the order up,
	 * thinks; in one of ten rounds it asks for a report. Until they are stopped.
	 */
	ORDERS,

	/**
	 * A number of users at once, and 3 more each second. Each one signs up, logs in, and
	 * again without a pause. Until they are stopped.
	 */
	LOGINS,

	/**
	 * A number of users at once. Each one looks at the products and at the orders, once.
	 */
	PUSH

}
