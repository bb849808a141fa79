package io.poolwise.lease;

/**
 * Sessions that hold neither a slot nor a seat: those of other programs, of people, and
 * of instances that do not lease.
 *
 * @param server those of the whole server, at least 0
 * @param database those in the coordinator's database, at least 0; 0 where nobody asked
 * @param login those of the coordinator's role or account, at least 0; 0 where nobody
 * asked
 */
public record Strangers(int server, int database, int login) {

	/**
	 * None.
	 */
	public static final Strangers NONE = new Strangers(0, 0, 0);

	/**
	 * The least of two counts of each.
	 * @param other another count
	 * @return the lesser numbers
	 */
	public Strangers least(Strangers other) {
		return new Strangers(Math.min(this.server, other.server), Math.min(this.database, other.database),
				Math.min(this.login, other.login));
	}

	/**
	 * Whether there are more of any than before.
	 * @param before an earlier count
	 * @return whether one of the numbers is larger
	 */
	public boolean exceed(Strangers before) {
		return this.server > before.server || this.database > before.database || this.login > before.login;
	}

}
