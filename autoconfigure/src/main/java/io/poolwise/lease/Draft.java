package io.poolwise.lease;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.poolwise.lease.LeaseState.Pending;
import io.poolwise.lease.LeaseState.Phase;

/**
 * A state in the making, and the commands that come with it; lives for one step.
 */
final class Draft {

	final long now;

	final List<LeaseCommand> commands = new ArrayList<>();

	Phase phase;

	boolean leaving;

	int epoch;

	long server;

	@Nullable SessionId coordinator;

	int seat;

	Pending pending;

	Slots slots;

	List<Connect> connects;

	List<Remnant> remnants;

	int total;

	Demand demand;

	int minimum;

	@Nullable Announcement announced;

	boolean called;

	Share share;

	int allowed;

	long version;

	long phaseAt;

	long pollAt;

	long snapshotAt;

	long announceAt;

	long announcedAt;

	long auditAt;

	int attempts;

	int looks;

	long random;

	private Draft(long now, int total, int minimum, long random) {
		this.now = now;
		this.phase = Phase.OFFLINE;
		this.pending = Pending.NONE;
		this.slots = Slots.NONE;
		this.connects = new ArrayList<>();
		this.remnants = new ArrayList<>();
		this.total = total;
		this.demand = Demand.of(FairShare.LEAST);
		this.minimum = minimum;
		this.share = Share.unknown(total);
		this.phaseAt = now;
		this.pollAt = Timers.NEVER;
		this.snapshotAt = Timers.NEVER;
		this.announceAt = Timers.NEVER;
		this.auditAt = Timers.NEVER;
		this.random = random;
	}

	private Draft(LeaseState state, long now) {
		this.now = now;
		this.phase = state.phase;
		this.leaving = state.leaving;
		this.epoch = state.epoch;
		this.server = state.server;
		this.coordinator = state.coordinator;
		this.seat = state.seat;
		this.pending = state.pending;
		this.slots = state.slots;
		this.connects = new ArrayList<>(state.connects);
		this.remnants = new ArrayList<>(state.remnants);
		this.total = state.total;
		this.demand = state.demand;
		this.minimum = state.minimum;
		this.announced = state.announced;
		this.called = state.called;
		this.share = state.share;
		this.allowed = state.allowed;
		this.version = state.version;
		this.phaseAt = state.timers.phase();
		this.pollAt = state.timers.poll();
		this.snapshotAt = state.timers.snapshot();
		this.announceAt = state.timers.announce();
		this.announcedAt = state.announcedAt;
		this.auditAt = state.timers.audit();
		this.attempts = state.attempts;
		this.looks = state.looks;
		this.random = state.random;
	}

	static Draft first(long now, int total, int minimum, long random) {
		return new Draft(now, total, minimum, random);
	}

	static Draft of(LeaseState state, long now) {
		return new Draft(state, now);
	}

	boolean connected() {
		return this.phase == Phase.SEATED || this.phase == Phase.PAID;
	}

	boolean current(int epoch) {
		return connected() && this.epoch == epoch;
	}

	boolean answers(int epoch, Pending expected) {
		if (!current(epoch) || this.pending != expected) {
			return false;
		}
		this.pending = Pending.NONE;
		return true;
	}

	void ask(Pending what, LeaseCommand command) {
		this.pending = what;
		this.commands.add(command);
	}

	void tell(LeaseCommand command) {
		this.commands.add(command);
	}

	void put(Slot slot) {
		this.slots = this.slots.with(slot);
	}

	SessionId session() {
		SessionId session = this.coordinator;
		if (session == null) {
			throw new IllegalStateException("no coordinator in phase " + this.phase);
		}
		return session;
	}

	void lookWithin(long nanos) {
		this.snapshotAt = Math.min(this.snapshotAt, this.now + nanos);
	}

	/** A pause of 80 to 120 % of the given one. */
	long around(long nanos) {
		return nanos - nanos / 5 + between(2 * (nanos / 5));
	}

	/** A number from 0 to the given one. */
	long between(long most) {
		// SplitMix64 (Steele, Lea, Flood 2014): the state is one long
		this.random += 0x9E3779B97F4A7C15L;
		long mixed = (this.random ^ (this.random >>> 30)) * 0xBF58476D1CE4E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
		return Long.remainderUnsigned(mixed ^ (mixed >>> 31), most + 1);
	}

}
