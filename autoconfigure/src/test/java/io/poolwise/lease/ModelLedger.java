package io.poolwise.lease;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.poolwise.lease.LeaseCommand.Announce;
import io.poolwise.lease.LeaseCommand.Pay;
import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Readopt;
import io.poolwise.lease.LeaseCommand.Release;
import io.poolwise.lease.LeaseCommand.TryAcquire;
import io.poolwise.lease.LeaseEvent.Acquired;
import io.poolwise.lease.LeaseEvent.Announced;
import io.poolwise.lease.LeaseEvent.Paid;
import io.poolwise.lease.LeaseEvent.Readopted;
import io.poolwise.lease.LeaseEvent.Released;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;

/**
 * What the model's server makes of the commands of coordinators, one part at a time.
 */
final class ModelLedger {

	private final ModelWorld world;

	ModelLedger(ModelWorld world) {
		this.world = world;
	}

	/** The server runs the next part of what a coordinator was asked for. */
	void execute(int m) {
		ModelSession coordinator = this.world.edit(this.world.coordinator(m));
		LeaseCommand command = this.world.asked[m];
		int epoch = this.world.states[m].epoch;
		if (command instanceof Announce announce) {
			coordinator.announced = announce.announcement().demand().slots();
			this.world.hint(m);
			this.world.answers[m] = new Announced(epoch);
		}
		else if (command instanceof ReadSnapshot read) {
			this.world.answers[m] = new SnapshotArrived(epoch, snapshot(read.watched()));
		}
		else if (command instanceof Release release) {
			for (int slot : release.slots()) {
				int bit = 1 << slot;
				if ((coordinator.ownTwice & bit) != 0) {
					coordinator.ownTwice &= ~bit;
				}
				else {
					coordinator.own &= ~bit;
				}
			}
			this.world.hint(m);
			this.world.answers[m] = new Released(epoch);
		}
		else if (command instanceof TryAcquire acquire) {
			acquire(m, coordinator, acquire);
		}
		else if (command instanceof Readopt readopt) {
			Set<Integer> adopted = new TreeSet<>();
			for (Map.Entry<Integer, SessionId> entry : readopt.sessions().entrySet()) {
				int slot = entry.getKey();
				SessionId user = this.world.holder(slot, false);
				boolean ours = user != null && (this.world.bounds.keeps(Rule.IDENTITY) ? user.equals(entry.getValue())
						: user.pid() == entry.getValue().pid());
				if (this.world.holder(slot, true) == null
						&& (ours || !this.world.bounds.keeps(Rule.READOPT_IDENTITY))) {
					coordinator.own |= 1 << slot;
					adopted.add(slot);
					ModelSession session = this.world.find(m, entry.getValue());
					if (session != null) {
						this.world.broken = ModelProperty.ofUse(this.world, session, true);
					}
				}
			}
			this.world.answers[m] = new Readopted(epoch, adopted);
		}
		else if (command instanceof Pay pay) {
			pay(m, coordinator, pay);
		}
	}

	/** One candidate a step, and two steps for each: take own, then check use. */
	private void acquire(int m, ModelSession coordinator, TryAcquire acquire) {
		int at = this.world.progress[m] / 2;
		int slot = acquire.candidates().get(at);
		int bit = 1 << slot;
		if (this.world.progress[m] % 2 == 0) {
			SessionId owner = this.world.holder(slot, true);
			boolean again = coordinator.id.equals(owner);
			coordinator.own |= (owner == null) ? bit : 0;
			coordinator.ownTwice |= again ? bit : 0;
			this.world.taken[m] |= (owner == null || again) ? bit : 0;
			this.world.progress[m]++;
			return;
		}
		boolean used = this.world.holder(slot, false) != null && this.world.bounds.keeps(Rule.USE_CHECK);
		boolean seated = this.world.collides(slot, this.world.highestSeat())
				&& this.world.bounds.keeps(Rule.NO_SEAT_ABOVE);
		if ((this.world.taken[m] & bit) != 0 && (used || seated)) {
			this.world.taken[m] &= ~bit;
			if ((coordinator.ownTwice & bit) != 0) {
				coordinator.ownTwice &= ~bit;
			}
			else {
				coordinator.own &= ~bit;
			}
		}
		this.world.progress[m]++;
		if (at + 1 < acquire.candidates().size() && Integer.bitCount(this.world.taken[m]) < acquire.count()) {
			return;
		}
		Set<Integer> acquired = new TreeSet<>();
		for (int taken = 1; taken <= this.world.bounds.slots(); taken++) {
			if ((this.world.taken[m] & (1 << taken)) != 0) {
				acquired.add(taken);
			}
		}
		this.world.taken[m] = 0;
		this.world.progress[m] = 0;
		this.world.answers[m] = new Acquired(this.world.states[m].epoch, acquired);
	}

	private void pay(int m, ModelSession coordinator, Pay pay) {
		boolean seatFirst = !this.world.bounds.keeps(Rule.PAY_BEFORE_SEAT);
		int epoch = this.world.states[m].epoch;
		if (this.world.progress[m] == 0) {
			this.world.progress[m] = 1;
			if (seatFirst) {
				coordinator.seat = 0;
				this.world.broken = ModelProperty.ofState(this.world);
			}
			else if (this.world.holder(pay.slot(), false) == null) {
				coordinator.use |= 1 << pay.slot();
			}
			else {
				this.world.progress[m] = 0;
				this.world.answers[m] = new Paid(epoch, false);
			}
			return;
		}
		this.world.progress[m] = 0;
		if (seatFirst && this.world.holder(pay.slot(), false) == null) {
			coordinator.use |= 1 << pay.slot();
		}
		coordinator.seat = 0;
		coordinator.use &= ~(1 << pay.former());
		this.world.answers[m] = new Paid(epoch, coordinator.use != 0);
	}

	private Snapshot snapshot(Set<SessionId> watched) {
		int size = this.world.bounds.slots() + 1;
		SessionId[] owners = new SessionId[size];
		SessionId[] users = new SessionId[size];
		Map<SessionId, Announcement> announced = new HashMap<>();
		Set<SessionId> seated = new HashSet<>();
		Set<SessionId> alive = new HashSet<>();
		for (ModelSession session : this.world.sessions) {
			if (!session.onServer()) {
				continue;
			}
			for (int slot = 1; slot < size; slot++) {
				int bit = 1 << slot;
				if ((session.own & bit) != 0) {
					owners[slot] = session.id;
				}
				if ((session.use & bit) != 0) {
					users[slot] = session.id;
				}
			}
			if (session.seat != 0) {
				seated.add(session.id);
			}
			if (session.announced != 0) {
				announced.put(session.id, new Announcement(session.member + 1, this.world.bounds.slots(session.member),
						this.world.bounds.demand(session.announced), 0, 0));
			}
			boolean listed = this.world.bounds.keeps(Rule.IDENTITY) ? watched.contains(session.id)
					: watched.stream().anyMatch((id) -> id.pid() == session.id.pid());
			if (listed) {
				alive.add(session.id);
			}
		}
		return new Snapshot(owners, users, announced, seated, alive, 0);
	}

}
