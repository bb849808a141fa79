package io.poolwise.budget;

/**
 * The limits of a server one by one: who counts against one of them doesn't count against
 * the others.
 *
 * @param server connections of all ordinary roles together, at least 0
 * @param database connections to the database, whoever makes them, at least 0
 * @param login connections of the role or account, at least 0; each {@link #NONE} where
 * there is no such limit, or it isn't known
 */
public record LimitBounds(int server, int database, int login) {

	/**
	 * There is no such limit.
	 */
	public static final int NONE = Integer.MAX_VALUE;

	/**
	 * Nothing is known.
	 */
	public static final LimitBounds UNKNOWN = new LimitBounds(NONE, NONE, NONE);

	public LimitBounds {
		Numbers.requireAtLeast(0, server, "A limit of the server");
		Numbers.requireAtLeast(0, database, "A limit of the database");
		Numbers.requireAtLeast(0, login, "A limit of the login");
	}

	/**
	 * Returns what one login may open in one database: the least of the three.
	 * @return connections, at least 0; {@link #NONE} for any number
	 */
	public int least() {
		return Math.min(this.server, Math.min(this.database, this.login));
	}

	/**
	 * Returns whether the database or the login has a limit of its own.
	 * @return whether there is one, whichever decides
	 */
	public boolean isNarrow() {
		return this.database != NONE || this.login != NONE;
	}

}
