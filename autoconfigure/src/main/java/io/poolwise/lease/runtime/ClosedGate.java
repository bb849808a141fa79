package io.poolwise.lease.runtime;

import java.util.Objects;

import io.poolwise.lease.LeaseState;
import org.jspecify.annotations.Nullable;

/**
 * Why no connection may be made, for people.
 */
final class ClosedGate {

	private ClosedGate() {
	}

	/**
	 * Names what stands in the way.
	 * @param openFailure why the last attempt to open the coordinator session failed, or
	 * null
	 * @return one sentence, without its full stop
	 */
	static String reason(LeaseState now, @Nullable String openFailure) {
		String holds = "this instance holds " + now.owned() + " of " + now.fleetSlots() + " slots";
		return switch (now.phase()) {
			case PAID -> holds + ", may have " + now.allowed() + " connections and has " + now.running() + ", "
					+ now.outstanding() + " being opened";
			case SEATED -> "joining the fleet: " + holds;
			case OFFLINE, OPENING ->
				"no coordinator session: " + Objects.requireNonNullElse(openFailure, (now.remnants() > 0)
						? "the server may still have an earlier one" : "all seats are taken, or the session was lost");
			case STOPPED -> "this instance has left the fleet";
		};
	}

}
