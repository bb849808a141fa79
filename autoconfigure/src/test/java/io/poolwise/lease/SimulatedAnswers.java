package io.poolwise.lease;

import io.poolwise.lease.LeaseCommand.Announce;
import io.poolwise.lease.LeaseCommand.Pay;
import io.poolwise.lease.LeaseCommand.Poll;
import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Readopt;
import io.poolwise.lease.LeaseCommand.Release;
import io.poolwise.lease.LeaseCommand.TryAcquire;
import io.poolwise.lease.LeaseEvent.Acquired;
import io.poolwise.lease.LeaseEvent.Announced;
import io.poolwise.lease.LeaseEvent.Paid;
import io.poolwise.lease.LeaseEvent.Polled;
import io.poolwise.lease.LeaseEvent.Readopted;
import io.poolwise.lease.LeaseEvent.Released;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.SimulatedServer.Session;

/**
 * What the simulated server does for a coordinator session.
 */
final class SimulatedAnswers {

	private SimulatedAnswers() {
	}

	/**
	 * Carries a command out.
	 * @return the answer
	 */
	static LeaseEvent answer(Simulation simulation, SimulatedMember asking, Session session, int current,
			LeaseCommand command) {
		SimulatedServer server = simulation.server;
		if (command instanceof Announce announce) {
			server.announce(session, announce.announcement());
			simulation.hintAll(asking);
			return new Announced(current);
		}
		if (command instanceof ReadSnapshot read) {
			return new SnapshotArrived(current, server.snapshot(read.watched()));
		}
		if (command instanceof TryAcquire acquire) {
			return new Acquired(current, server.acquire(session, acquire));
		}
		if (command instanceof Readopt readopt) {
			return new Readopted(current, server.readopt(session, readopt.sessions()));
		}
		if (command instanceof Pay pay) {
			return new Paid(current, (pay.former() == 0) ? server.pay(session, pay.slot())
					: server.repay(session, pay.slot(), pay.former()));
		}
		if (command instanceof Release release) {
			server.release(session, release.slots());
			simulation.hintAll(asking);
			return new Released(current);
		}
		return new Polled(((Poll) command).epoch(), server.version());
	}

}
