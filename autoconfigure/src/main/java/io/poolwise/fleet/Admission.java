package io.poolwise.fleet;

/**
 * Whether a pool leases. Begins as {@link Undecided}.
 */
sealed interface Admission {

	/**
	 * It is not known yet: no connection is opened, and callers wait.
	 *
	 * @param reason why not, one sentence without its full stop
	 * @param down how often nobody was there who could be asked
	 */
	record Undecided(String reason, int down) implements Admission {
	}

	/**
	 * Each connection is paid with a slot of the server.
	 *
	 * @param server the membership
	 */
	record Leased(LeasedServer server) implements Admission {
	}

	/**
	 * It goes without, for as long as this process lives.
	 *
	 * @param reason why, one sentence without its full stop
	 */
	record Free(String reason) implements Admission {
	}

	/**
	 * It would have to lease and can't: no connection is opened, and callers are refused
	 * until the server can be used.
	 *
	 * @param reason why, one sentence without its full stop
	 */
	record Refused(String reason) implements Admission {
	}

}
