package io.poolwise.pool.hikari;

/**
 * Hears of what happens at the gate, on the thread on which it happens.
 */
interface GateListener {

	GateListener NONE = new GateListener() {
	};

	default void connected() {
	}

	/**
	 * The pool took a connection that was opened before it asked.
	 */
	default void arrived() {
	}

	default void connectFailed(Throwable failure) {
	}

	default void closed(GateConnection connection, boolean broken) {
	}

	/**
	 * A connection was closed before the pool had it.
	 */
	default void discarded(GateConnection connection) {
	}

	default void returned(GateConnection connection) {
	}

	default void retire(GateConnection connection) {
	}

	default void wornOut(GateConnection connection) {
	}

}
