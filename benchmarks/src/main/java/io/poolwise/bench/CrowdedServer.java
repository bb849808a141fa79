package io.poolwise.bench;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.Demand;
import io.poolwise.lease.LeaseCommand;
import io.poolwise.lease.LeaseEvent;
import io.poolwise.lease.LeaseMember;
import io.poolwise.lease.LeaseMember.Step;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LeaseState;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.Snapshot;

/**
 * The locks of a server that many members share, each of which wants more than its part,
 * and the one member among them that is measured.
 */
final class CrowdedServer {

	/**
	 * Instances of the fleet.
	 */
	static final int MEMBERS = 1000;

	/**
	 * Slots of the fleet.
	 */
	static final int SLOTS = 5000;

	/**
	 * Slots of a member when all have the same.
	 */
	static final int PART = SLOTS / MEMBERS;

	private static final Demand DEMAND = Demand.of(20);

	private static final int MINIMUM = 10;

	private static final SessionId COORDINATOR = new SessionId(1, 1, 1);

	private final LeaseMember member = new LeaseMember(LeaseSettings.defaults(1, MINIMUM));

	private final SessionId[] owners = new SessionId[SLOTS + 1];

	private final SessionId[] users = new SessionId[SLOTS + 1];

	private final Map<SessionId, Announcement> others = new HashMap<>();

	private LeaseState state = this.member.start(SLOTS, 1, 0);

	private long now;

	/**
	 * Fills a server, and has the member join and ask for a snapshot.
	 * @param held the slots of each member; the one that is measured is 0
	 */
	CrowdedServer(IntUnaryOperator held) {
		Set<Integer> slots = new LinkedHashSet<>();
		for (int slot = 1; slot <= held.applyAsInt(0); slot++) {
			slots.add(slot);
		}
		join(slots);
		int next = slots.size();
		for (int other = 1; other < MEMBERS; other++) {
			SessionId coordinator = new SessionId(1, 2 + other, other);
			this.others.put(coordinator, new Announcement(1 + other, SLOTS, DEMAND, MINIMUM, 0));
			for (int i = 0; i < held.applyAsInt(other) && next < SLOTS; i++) {
				next++;
				this.owners[next] = coordinator;
				this.users[next] = (i == 0) ? coordinator : new SessionId(1, SLOTS + next, next);
			}
		}
	}

	private void join(Set<Integer> slots) {
		step(new LeaseEvent.DemandChanged(DEMAND));
		step(new LeaseEvent.Tick());
		step(new LeaseEvent.CoordinatorOpened(1, COORDINATOR, 1));
		step(new LeaseEvent.Announced(1));
		step(arrived());
		Step paying = step(new LeaseEvent.Acquired(1, slots));
		for (LeaseCommand command : paying.commands()) {
			if (command instanceof LeaseCommand.Pay pay) {
				this.users[pay.slot()] = COORDINATOR;
			}
		}
		slots.forEach((slot) -> this.owners[slot] = COORDINATOR);
		Step step = step(new LeaseEvent.Paid(1, true));
		while (step.commands().stream().noneMatch(LeaseCommand.ReadSnapshot.class::isInstance)) {
			this.now = this.state.wakeAt();
			step = step(new LeaseEvent.Tick());
		}
	}

	private Step step(LeaseEvent event) {
		Step step = this.member.step(this.state, event, this.now);
		this.state = step.state();
		return step;
	}

	/**
	 * What a query sees.
	 */
	Snapshot snapshot() {
		return new Snapshot(this.owners, this.users, this.others, Set.of(), Set.of(), 1);
	}

	/**
	 * That the member's question for a snapshot is answered.
	 */
	LeaseEvent arrived() {
		return new LeaseEvent.SnapshotArrived(1, snapshot());
	}

	/**
	 * The same step again and again: a state never changes.
	 */
	Operation repeated(LeaseEvent event) {
		LeaseState before = this.state;
		return () -> this.member.step(before, event, this.now);
	}

	/**
	 * The step for an event that comes after a snapshot has.
	 */
	Operation repeatedAfterSnapshot(LeaseEvent event) {
		step(arrived());
		return repeated(event);
	}

}
