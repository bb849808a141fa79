package io.poolwise.budget;

/**
 * Asks one server what it grants. The port between the governor and a pool's library.
 */
public interface LimitSource {

	/**
	 * Asks over one short-lived connection, at most one at a time, bounded in time.
	 * @return the answer; {@link LimitReading.Unavailable} rather than an exception
	 */
	LimitReading read();

	/**
	 * Names what to call when the limit may have changed or may be read at last: the
	 * first connection after one that failed or broke.
	 * @param action called on a thread that may wait
	 */
	void onDoubt(Runnable action);

}
