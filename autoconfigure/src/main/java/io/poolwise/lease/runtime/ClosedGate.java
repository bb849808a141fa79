package io.poolwise.lease.runtime;

import io.poolwise.lease.LeaseState;

/**
 * Why no connection may be made, for people.
 */
final class ClosedGate {

	private ClosedGate() {
	}

	/**
	 * Names what stands in the way.
	 * @return one sentence, without its full stop
	 */
	static String reason(LeaseState now) {
		String holds = "this instance holds " + now.owned() + " of " + now.fleetSlots() + " slots";
		return switch (now.phase()) {
			case PAID -> holds + ", may have " + now.allowed() + " connections and has " + now.running() + ", "
					+ now.outstanding() + " being opened";
			case SEATED -> "joining the fleet: " + holds;
			case OFFLINE, OPENING -> "no coordinator session: all seats are taken, or the server does not answer";
			case ABANDONED, CLOSING -> "the server may still have an earlier coordinator session";
			case STOPPED -> "this instance has left the fleet";
		};
	}

}
