package io.poolwise.lease;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Everything that a member remembers between two events. Immutable; only
 * {@link LeaseMember} makes new ones.
 */
public final class LeaseState {

	/**
	 * Where a member stands with its coordinator session.
	 */
	public enum Phase {

		/** Without a session, until the pause is over. */
		OFFLINE,
		/** A session is being opened. */
		OPENING,
		/** Connected and seated: takes slots, may not make connections yet. */
		SEATED,
		/** Connected and paid with a slot of its own: works. */
		PAID,
		/** Left for good. */
		STOPPED

	}

	enum Pending {

		NONE, ANNOUNCE, SNAPSHOT, ACQUIRE, READOPT, PAY, RELEASE, POLL

	}

	final Phase phase;

	final boolean leaving;

	final int epoch;

	final long server;

	final @Nullable SessionId coordinator;

	final int seat;

	final Pending pending;

	final Slots slots;

	final List<Connect> connects;

	final List<Remnant> remnants;

	final int total;

	final Demand demand;

	final int minimum;

	final @Nullable Announcement announced;

	/** Whether the present shortage was told. */
	final boolean called;

	final long announcedAt;

	final Share share;

	final int allowed;

	final long version;

	final Timers timers;

	final int attempts;

	final int looks;

	final long random;

	LeaseState(Draft draft) {
		this.phase = draft.phase;
		this.leaving = draft.leaving;
		this.epoch = draft.epoch;
		this.server = draft.server;
		this.coordinator = draft.coordinator;
		this.seat = draft.seat;
		this.pending = draft.pending;
		this.slots = draft.slots;
		this.connects = List.copyOf(draft.connects);
		this.remnants = List.copyOf(draft.remnants);
		this.total = draft.total;
		this.demand = draft.demand;
		this.minimum = draft.minimum;
		this.announced = draft.announced;
		this.called = draft.called;
		this.announcedAt = draft.announcedAt;
		this.share = draft.share;
		this.allowed = draft.allowed;
		this.version = draft.version;
		this.timers = new Timers(draft.phaseAt, draft.pollAt, draft.snapshotAt, draft.announceAt, draft.auditAt);
		this.attempts = draft.attempts;
		this.looks = draft.looks;
		this.random = draft.random;
	}

	/**
	 * Number of the present coordinator session, or of the attempt to open one.
	 * @return the number, 0 before the first attempt
	 */
	public int epoch() {
		return this.epoch;
	}

	/**
	 * Where the member stands with its coordinator session.
	 * @return the phase
	 */
	public Phase phase() {
		return this.phase;
	}

	/**
	 * Whether connections may be made: the coordinator is paid and the member is not
	 * leaving.
	 * @return whether the gate is open
	 */
	public boolean gateOpen() {
		return this.phase == Phase.PAID && !this.leaving;
	}

	/**
	 * The sessions that the pools of this instance may have in total.
	 * @return sessions, at least 0
	 */
	public int allowed() {
		return this.allowed;
	}

	/**
	 * The slots that are owned, the paying one included; those lost with an earlier
	 * coordinator are not.
	 * @return slots, at least 0
	 */
	public int owned() {
		return this.slots.count(Slot::owned);
	}

	/**
	 * The sessions that are handed out, those of an earlier coordinator included.
	 * @return sessions, at least 0
	 */
	public int running() {
		return this.slots.count(Slot::running);
	}

	/**
	 * The connects that count as outstanding: under way, of unknown outcome, or closed
	 * after a failed fence and not proven gone.
	 * @return connects, at least 0
	 */
	public int outstanding() {
		return this.connects.size();
	}

	/**
	 * The coordinator sessions that were given up or closed and are not proven gone.
	 * @return sessions, at least 0
	 */
	public int remnants() {
		return this.remnants.size();
	}

	/**
	 * The share of the fleet that this member last computed for itself.
	 * @return slots, 0 if it does not fit or at least 2
	 */
	public int target() {
		return this.share.target();
	}

	/**
	 * Whether the member owns what it is sure of, whatever the others want, by a look at
	 * the fleet that was made since it told its minimum.
	 * @return whether there is nothing left to wait for
	 */
	public boolean complete() {
		Announcement told = this.announced;
		return gateOpen() && told != null && told.minimumSize() == this.minimum && this.share.sure()
				&& owned() >= Math.min(this.share.guaranteed(), this.share.target());
	}

	/**
	 * The slots of the fleet in the eyes of this member.
	 * @return slots, at least 0
	 */
	public int fleetSlots() {
		return this.share.slots();
	}

	/**
	 * When the member wants its next {@link LeaseEvent.Tick} at the latest.
	 * @return nanoseconds of the clock that the steps are given; {@code Long.MAX_VALUE}
	 * if it waits for nothing
	 */
	public long wakeAt() {
		long next = Math.min(this.timers.phase(), this.timers.poll());
		if (this.pending == Pending.NONE) {
			next = Math.min(next, Math.min(this.timers.snapshot(), this.timers.announce()));
		}
		for (Connect connect : this.connects) {
			next = Math.min(next, connect.until());
		}
		return next;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof LeaseState that && this.phase == that.phase && this.leaving == that.leaving
				&& this.epoch == that.epoch && this.server == that.server && this.seat == that.seat
				&& this.pending == that.pending && this.total == that.total && this.demand.equals(that.demand)
				&& this.minimum == that.minimum && this.allowed == that.allowed && this.version == that.version
				&& this.attempts == that.attempts && this.looks == that.looks && this.called == that.called
				&& this.random == that.random && this.announcedAt == that.announcedAt && this.timers.equals(that.timers)
				&& this.share.equals(that.share) && Objects.equals(this.coordinator, that.coordinator)
				&& Objects.equals(this.announced, that.announced) && this.slots.equals(that.slots)
				&& this.connects.equals(that.connects) && this.remnants.equals(that.remnants);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.phase, this.epoch, this.pending, this.coordinator, this.slots, this.connects);
	}

}
