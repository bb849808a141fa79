package io.poolwise.lease;

import java.util.List;
import java.util.Set;

import io.poolwise.lease.LeaseEvent.Acquired;
import io.poolwise.lease.LeaseEvent.Announced;
import io.poolwise.lease.LeaseEvent.ConnectFailed;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseEvent.ConnectGone;
import io.poolwise.lease.LeaseEvent.ConnectRequested;
import io.poolwise.lease.LeaseEvent.ConnectUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenFailed;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseEvent.DemandChanged;
import io.poolwise.lease.LeaseEvent.MinimumChanged;
import io.poolwise.lease.LeaseEvent.Notified;
import io.poolwise.lease.LeaseEvent.Paid;
import io.poolwise.lease.LeaseEvent.Polled;
import io.poolwise.lease.LeaseEvent.Readopted;
import io.poolwise.lease.LeaseEvent.Released;
import io.poolwise.lease.LeaseEvent.SessionClosed;
import io.poolwise.lease.LeaseEvent.SlotsChanged;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.LeaseEvent.Stop;
import io.poolwise.lease.LeaseEvent.Tick;

/**
 * One instance's part in sharing the slots of one server: a pure state machine.
 * <p>
 * It is told what happened and answers with what to do; it opens nothing, waits for
 * nothing, and reads no clock. The promise, the rules and their proof are in
 * {@code docs/leases.md} and {@code docs/leases-proof.md}.
 * <p>
 * Whoever drives it holds one monitor around each step <em>and</em> around handing out
 * what the step said, so that nobody acts on an older state. A step costs time in
 * proportion to the slots held, a snapshot in proportion to the slots and members of the
 * fleet.
 * <p>
 * Thread-safe: the state is in the {@link LeaseState}.
 */
public final class LeaseMember {

	private final CoordinatorLife life;

	private final ConnectFence fence;

	private final Agenda agenda;

	private final SnapshotReader reader;

	private final int minimumSize;

	/**
	 * A member that keeps all rules.
	 * @param settings its numbers
	 */
	public LeaseMember(LeaseSettings settings) {
		this(settings, Set.of());
	}

	LeaseMember(LeaseSettings settings, Set<Rule> removed) {
		Rules rules = new Rules(settings, Set.copyOf(removed));
		this.life = new CoordinatorLife(rules);
		this.agenda = new Agenda(rules, this.life);
		this.fence = new ConnectFence(rules, this.life);
		this.minimumSize = settings.minimumSize();
		this.reader = new SnapshotReader(rules, this.life, this.fence, new Sharing(rules));
	}

	/**
	 * What became of an event.
	 *
	 * @param state the state from now on
	 * @param commands what to do, in this order
	 */
	public record Step(LeaseState state, List<LeaseCommand> commands) {

		/** Copies the commands. */
		public Step {
			commands = List.copyOf(commands);
		}

	}

	/**
	 * The state of a member that did nothing yet; its first tick opens the coordinator.
	 * @param slots the slots of the fleet, at least 0
	 * @param seed for the order of candidates and the jitter of pauses
	 * @param now the time in nanoseconds, of the monotonic clock that every step is given
	 * @return the state
	 */
	public LeaseState start(int slots, long seed, long now) {
		return new LeaseState(Draft.first(now, slots, this.minimumSize, seed));
	}

	/**
	 * Takes one event in.
	 * @param state the state before
	 * @param event what happened
	 * @param now the time in nanoseconds, of the same monotonic clock
	 * @return the state after, and what to do
	 */
	public Step step(LeaseState state, LeaseEvent event, long now) {
		Draft draft = Draft.of(state, now);
		boolean wasOpen = state.gateOpen();
		apply(draft, event);
		this.agenda.proceed(draft);
		LeaseState after = new LeaseState(draft);
		if (after.gateOpen() != wasOpen) {
			draft.tell(wasOpen ? new LeaseCommand.CloseGate() : new LeaseCommand.OpenGate());
		}
		return new Step(after, draft.commands);
	}

	private void apply(Draft draft, LeaseEvent event) {
		if (event instanceof Tick) {
			this.fence.expire(draft);
			this.life.tick(draft);
			this.agenda.tick(draft);
		}
		else if (event instanceof ConnectRequested) {
			this.fence.requested(draft);
		}
		else if (event instanceof ConnectFenced fenced) {
			this.fence.fenced(draft, fenced);
		}
		else if (event instanceof ConnectFailed failed) {
			this.fence.settled(draft, failed.grant());
		}
		else if (event instanceof ConnectUnknown unknown) {
			this.fence.unknown(draft, unknown.grant());
		}
		else if (event instanceof ConnectGone gone) {
			this.fence.settled(draft, gone.grant());
		}
		else if (event instanceof SessionClosed closed) {
			this.fence.closed(draft, closed.session());
		}
		else if (event instanceof DemandChanged changed) {
			draft.demand = changed.demand();
		}
		else if (event instanceof MinimumChanged changed) {
			draft.minimum = Math.max(0, changed.size());
		}
		else if (event instanceof SlotsChanged changed) {
			draft.total = Math.max(0, changed.slots());
		}
		else if (event instanceof Stop) {
			this.agenda.stop(draft);
		}
		else {
			applyOfCoordinator(draft, event);
		}
	}

	private void applyOfCoordinator(Draft draft, LeaseEvent event) {
		if (event instanceof CoordinatorOpened opened) {
			this.life.opened(draft, opened);
		}
		else if (event instanceof CoordinatorOpenFailed failed) {
			this.life.openFailed(draft, failed.epoch());
		}
		else if (event instanceof CoordinatorOpenUnknown unknown) {
			this.life.openUnknown(draft, unknown.epoch());
		}
		else if (event instanceof CoordinatorGone gone) {
			this.life.gone(draft, gone.epoch());
		}
		else if (event instanceof CoordinatorLost lost) {
			if (draft.current(lost.epoch())) {
				this.life.lose(draft);
			}
		}
		else if (event instanceof SnapshotArrived arrived) {
			this.reader.arrived(draft, arrived);
		}
		else if (event instanceof Acquired acquired) {
			this.agenda.acquired(draft, acquired);
		}
		else if (event instanceof Readopted readopted) {
			this.agenda.readopted(draft, readopted);
		}
		else if (event instanceof Paid paid) {
			this.agenda.paid(draft, paid);
		}
		else if (event instanceof Released released) {
			draft.answers(released.epoch(), LeaseState.Pending.RELEASE);
		}
		else if (event instanceof Announced announced) {
			this.agenda.announced(draft, announced.epoch());
		}
		else if (event instanceof Polled polled) {
			this.agenda.polled(draft, polled);
		}
		else if (event instanceof Notified notified) {
			this.agenda.notified(draft, notified.epoch());
		}
	}

}
