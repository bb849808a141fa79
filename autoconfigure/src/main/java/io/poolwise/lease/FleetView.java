package io.poolwise.lease;

import java.util.List;

/**
 * The fleet as one member saw it in a snapshot.
 *
 * @param slots the slots of the fleet
 * @param owned slots that a member owns
 * @param used slots whose {@code use} lock is held
 * @param orphaned slots that are in use and owned by nobody: a dead or disconnected
 * instance's
 * @param members the visible members, in no order
 */
public record FleetView(int slots, int owned, int used, int orphaned, List<Member> members) {

	/** Copies the members. */
	public FleetView {
		members = List.copyOf(members);
	}

	/**
	 * One visible member.
	 *
	 * @param member its number
	 * @param demand slots that it could use
	 * @param held slots that it owns
	 * @param share its fair share
	 * @param paid whether it works; it joins if not
	 * @param self whether it is the member that saw this
	 */
	public record Member(long member, int demand, int held, int share, boolean paid, boolean self) {
	}

}
