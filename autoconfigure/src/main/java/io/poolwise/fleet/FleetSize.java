package io.poolwise.fleet;

import io.poolwise.lease.MembersSeen;

/**
 * How many instances to reckon with on one server, which changes with time alone, too:
 * the next look at a fleet in which nothing happens may be minutes away. Safe for any
 * thread.
 */
final class FleetSize {

	private MembersSeen seen = MembersSeen.NONE;

	private int last;

	/**
	 * Takes in what a look saw.
	 * @param members members, at least 1
	 * @param now the time in nanoseconds
	 * @return whether there is another number to reckon with
	 */
	synchronized boolean see(int members, long now) {
		int before = this.seen.most();
		this.last = members;
		this.seen = this.seen.see(members, now);
		return this.seen.most() != before;
	}

	/**
	 * Lets time pass; what the last look saw still stands.
	 * @param now the time in nanoseconds
	 * @return whether there is another number to reckon with
	 */
	synchronized boolean pass(long now) {
		return this.last > 0 && see(this.last, now);
	}

	/**
	 * Instances to reckon with.
	 * @return how many, 0 before any was seen
	 */
	synchronized int members() {
		return this.seen.most();
	}

}
