package io.poolwise.lease.runtime;

import io.poolwise.lease.FleetView;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.Strangers;

/**
 * What the runtime asks of the pools of this instance. Called by one thread, one call
 * after the other, never under the runtime's monitor.
 */
public interface LeasePort {

	/**
	 * The pools may have another number of sessions in total, or the gate was opened or
	 * closed.
	 * @param sessions sessions, at least 0
	 * @param open whether connections may be made
	 * @param reason why, for people
	 */
	void allow(int sessions, boolean open, String reason);

	/**
	 * A session should be closed as soon as nobody uses it.
	 * @param session its identity
	 */
	void retire(SessionId session);

	/**
	 * A session should be closed at once.
	 * @param session its identity
	 */
	void cut(SessionId session);

	/**
	 * So many sessions hold neither a slot nor a seat.
	 * @param strangers how many
	 */
	void strangers(Strangers strangers);

	/**
	 * Another member can use another number of slots than before: limits of the server
	 * that hold for this instance, too, may have changed. Called at each such hint.
	 */
	void limitsMayHaveChanged();

	/**
	 * Whether the database or the login has a limit of its own, so that its strangers are
	 * to be counted, too. Answered at once.
	 * @return whether there is one
	 */
	boolean hasNarrowLimits();

	/**
	 * The role of the coordinator session may not do what leases need.
	 * @param why what the server says, without a secret
	 */
	void forbidden(String why);

	/**
	 * The fleet looks like this now.
	 * @param fleet what was seen
	 */
	void report(FleetView fleet);

}
