package io.poolwise.lease.runtime;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LeaseCommand;
import io.poolwise.lease.LeaseCommand.Announce;
import io.poolwise.lease.LeaseCommand.Pay;
import io.poolwise.lease.LeaseCommand.Poll;
import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Readopt;
import io.poolwise.lease.LeaseCommand.Release;
import io.poolwise.lease.LeaseCommand.TryAcquire;
import io.poolwise.lease.LeaseEvent;
import io.poolwise.lease.LeaseEvent.Acquired;
import io.poolwise.lease.LeaseEvent.Announced;
import io.poolwise.lease.LeaseEvent.Paid;
import io.poolwise.lease.LeaseEvent.Polled;
import io.poolwise.lease.LeaseEvent.Readopted;
import io.poolwise.lease.LeaseEvent.Released;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.LedgerException;

/**
 * Which call of a coordinator session carries out which command.
 */
final class CoordinatorCommands {

	private CoordinatorCommands() {
	}

	/**
	 * Carries a command out, and says what came of it.
	 * @throws LedgerException if the session broke
	 */
	static LeaseEvent carryOut(CoordinatorSession current, LeaseCommand command) throws LedgerException {
		if (command instanceof Announce announce) {
			current.announce(announce.announcement());
			return new Announced(announce.epoch());
		}
		if (command instanceof ReadSnapshot read) {
			return new SnapshotArrived(read.epoch(), current.snapshot(read.slots(), read.watched()));
		}
		if (command instanceof TryAcquire acquire) {
			return new Acquired(acquire.epoch(),
					current.acquire(acquire.candidates(), acquire.count(), acquire.budget()));
		}
		if (command instanceof Readopt readopt) {
			return new Readopted(readopt.epoch(), current.readopt(readopt.sessions()));
		}
		if (command instanceof Pay pay) {
			return new Paid(pay.epoch(), (pay.former() == 0) ? current.pay(pay.slot(), pay.seat())
					: current.repay(pay.slot(), pay.former()));
		}
		if (command instanceof Release release) {
			current.release(release.slots());
			return new Released(release.epoch());
		}
		if (command instanceof Poll poll) {
			return new Polled(poll.epoch(), current.poll());
		}
		throw new IllegalArgumentException("Not for a coordinator: " + command);
	}

}
