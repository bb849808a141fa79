package io.poolwise.lease;

import java.util.Set;

/**
 * Something that happened to a member. Facts only: each names the epoch or the grant that
 * it belongs to, so that a late one does no harm.
 */
public sealed interface LeaseEvent {

	/** Time passed; send one at {@link LeaseState#wakeAt()}, earlier ones do no harm. */
	record Tick() implements LeaseEvent {
	}

	/**
	 * The coordinator session is open.
	 *
	 * @param epoch the epoch of the command
	 * @param session its identity
	 * @param seat the seat that it took, 0 if none was free
	 */
	record CoordinatorOpened(int epoch, SessionId session, int seat) implements LeaseEvent {
	}

	/**
	 * No session came of the attempt, for sure: refused, or failed before a byte was
	 * sent.
	 *
	 * @param epoch the epoch of the command
	 */
	record CoordinatorOpenFailed(int epoch) implements LeaseEvent {
	}

	/**
	 * The attempt was given up and the server may have or get a session.
	 *
	 * @param epoch the epoch of the command
	 */
	record CoordinatorOpenUnknown(int epoch) implements LeaseEvent {
	}

	/**
	 * The session of an abandoned attempt, or the one that was closed, is proven gone.
	 *
	 * @param epoch its epoch
	 */
	record CoordinatorGone(int epoch) implements LeaseEvent {
	}

	/**
	 * The coordinator session broke: a command on it failed. What was asked for last may
	 * or may not have happened.
	 *
	 * @param epoch its epoch
	 */
	record CoordinatorLost(int epoch) implements LeaseEvent {
	}

	/**
	 * Answer to {@link LeaseCommand.Announce}.
	 *
	 * @param epoch the epoch of the command
	 */
	record Announced(int epoch) implements LeaseEvent {
	}

	/**
	 * Answer to {@link LeaseCommand.ReadSnapshot}, read entirely after that command.
	 *
	 * @param epoch the epoch of the command
	 * @param snapshot what was read
	 */
	record SnapshotArrived(int epoch, Snapshot snapshot) implements LeaseEvent {
	}

	/**
	 * Answer to {@link LeaseCommand.TryAcquire}.
	 *
	 * @param epoch the epoch of the command
	 * @param slots the slots whose {@code own} was taken while {@code use} was free
	 */
	record Acquired(int epoch, Set<Integer> slots) implements LeaseEvent {

		/** Copies the slots. */
		public Acquired {
			slots = Set.copyOf(slots);
		}

	}

	/**
	 * Answer to {@link LeaseCommand.Readopt}.
	 *
	 * @param epoch the epoch of the command
	 * @param slots the slots whose {@code own} was taken while our session held
	 * {@code use}
	 */
	record Readopted(int epoch, Set<Integer> slots) implements LeaseEvent {

		/** Copies the slots. */
		public Readopted {
			slots = Set.copyOf(slots);
		}

	}

	/**
	 * Answer to {@link LeaseCommand.Pay}.
	 *
	 * @param epoch the epoch of the command
	 * @param paid whether {@code use} was taken and the seat given up; if not, the seat
	 * is still held
	 */
	record Paid(int epoch, boolean paid) implements LeaseEvent {
	}

	/**
	 * Answer to {@link LeaseCommand.Release}.
	 *
	 * @param epoch the epoch of the command
	 */
	record Released(int epoch) implements LeaseEvent {
	}

	/**
	 * Answer to {@link LeaseCommand.Poll}.
	 *
	 * @param epoch the epoch of the command
	 * @param version what the fleet looks like, as {@link Snapshot#version()}
	 */
	record Polled(int epoch, long version) implements LeaseEvent {
	}

	/**
	 * Another member gave the hint that something changed.
	 *
	 * @param epoch the epoch of the session that received it
	 */
	record Notified(int epoch) implements LeaseEvent {
	}

	/** The gate wants to make one connection. */
	record ConnectRequested() implements LeaseEvent {
	}

	/**
	 * A connect is through, and fenced.
	 *
	 * @param grant what it was made with
	 * @param session its identity
	 * @param useTaken whether it took {@code use} of its slot
	 * @param ownHeld whether, read after that, {@code own} was held by the coordinator of
	 * the grant
	 */
	record ConnectFenced(Grant grant, SessionId session, boolean useTaken, boolean ownHeld) implements LeaseEvent {
	}

	/**
	 * No session came of a connect, for sure.
	 *
	 * @param grant what it was made with
	 */
	record ConnectFailed(Grant grant) implements LeaseEvent {
	}

	/**
	 * A connect was given up and the server may have or get a session.
	 *
	 * @param grant what it was made with
	 */
	record ConnectUnknown(Grant grant) implements LeaseEvent {
	}

	/**
	 * The session of a connect that was given up, or closed after its fence, is proven
	 * gone.
	 *
	 * @param grant what it was made with
	 */
	record ConnectGone(Grant grant) implements LeaseEvent {
	}

	/**
	 * A session that was handed out is closed or broken; its close was sent, the server
	 * may still have it.
	 *
	 * @param session its identity
	 */
	record SessionClosed(SessionId session) implements LeaseEvent {
	}

	/**
	 * The instance could use another number of slots than before.
	 *
	 * @param demand what it could use now
	 */
	record DemandChanged(Demand demand) implements LeaseEvent {
	}

	/**
	 * The instance wants to keep another number of connections open when idle: few while
	 * it starts, all of its minimum afterwards.
	 *
	 * @param size connections, at least 0
	 */
	record MinimumChanged(int size) implements LeaseEvent {
	}

	/**
	 * The budget changed, because the server's limit or the sessions outside of the
	 * leases did.
	 *
	 * @param slots the slots of the fleet: budget less seats, at least 0
	 */
	record SlotsChanged(int slots) implements LeaseEvent {
	}

	/** The instance shuts down: give everything back. */
	record Stop() implements LeaseEvent {
	}

}
