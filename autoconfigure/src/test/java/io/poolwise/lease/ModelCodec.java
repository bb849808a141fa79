package io.poolwise.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
 * Writes a world as bytes, equal for worlds that behave alike, and makes 128 bits of
 * them.
 */
final class ModelCodec {

	static final Comparator<ModelSession> ORDER = Comparator.comparingLong(ModelSession::key);

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private final byte[] bytes = new byte[4096];

	private int length;

	private final long[] known = new long[256];

	private int count;

	private boolean renames;

	long low;

	long high;

	private static long number(SessionId id) {
		return (id == null) ? 0 : (id.server() << 16) + (id.nonce() << 8) + id.pid();
	}

	static LeaseCommand renumber(LeaseCommand command, int epoch) {
		if (command instanceof Announce announce) {
			return new Announce(epoch, announce.announcement());
		}
		if (command instanceof ReadSnapshot read) {
			return new ReadSnapshot(epoch, read.slots(), read.watched());
		}
		if (command instanceof TryAcquire acquire) {
			return new TryAcquire(epoch, acquire.candidates(), acquire.count(), acquire.budget());
		}
		if (command instanceof Readopt readopt) {
			return new Readopt(epoch, readopt.sessions());
		}
		if (command instanceof Pay pay) {
			return new Pay(epoch, pay.slot(), pay.seat(), pay.former());
		}
		return new Release(epoch, ((Release) command).slots());
	}

	static LeaseEvent renumber(LeaseEvent answer, int epoch) {
		if (answer instanceof Announced) {
			return new Announced(epoch);
		}
		if (answer instanceof SnapshotArrived arrived) {
			return new SnapshotArrived(epoch, arrived.snapshot());
		}
		if (answer instanceof Acquired acquired) {
			return new Acquired(epoch, acquired.slots());
		}
		if (answer instanceof Readopted readopted) {
			return new Readopted(epoch, readopted.slots());
		}
		if (answer instanceof Paid paid) {
			return new Paid(epoch, paid.paid());
		}
		return new Released(epoch);
	}

	void encode(ModelWorld world) {
		this.length = 0;
		this.count = 0;
		this.renames = world.bounds.keeps(Rule.IDENTITY);
		put(world.server);
		put(world.faults);
		put(world.recycles);
		for (ModelSession session : world.sessions) {
			put(session.member);
			put(session.age);
			put(session.epoch);
			put(session.stage.ordinal());
			put(session.flags());
			put(session.flags() >> 8);
			put(session.announced);
			put(session.own);
			put(session.ownTwice);
			put(session.use);
			put(session.seat);
			put(session.id);
			if (!session.coordinator && session.stage.ordinal() < ModelSession.Stage.LIVE.ordinal()
					&& session.attached) {
				put(session.grant.slot());
				put(session.grant.coordinator());
			}
		}
		put(255);
		for (int m = 0; m < world.states.length; m++) {
			put(world.states[m]);
			put(world.notified[m] ? 1 : 0);
			put(world.progress[m]);
			put(world.taken[m]);
			if (world.asked[m] == null) {
				put(0);
			}
			else if (world.answers[m] == null) {
				put(1);
				put(world, world.asked[m]);
			}
			else {
				put(2);
				put(world, world.answers[m]);
			}
		}
		hash();
	}

	private void put(LeaseState state) {
		put(state.phase.ordinal());
		put(state.leaving ? 1 : 0);
		put(state.epoch);
		put((int) state.server);
		put(state.coordinator);
		put(state.seat);
		put(state.pending.ordinal());
		put((state.announced != null) ? state.announced.demand().slots() : 0);
		put(state.called ? 1 : 0);
		put(state.demand.slots());
		put(state.share.target());
		put(state.share.keep());
		put(state.share.low());
		put(state.share.yielded());
		put(state.share.wanted());
		put(state.share.starved() ? 1 : 0);
		put(state.allowed);
		time(state.timers.phase());
		time(state.timers.poll());
		time(state.timers.snapshot());
		time(state.timers.announce());
		time(state.timers.audit());
		put(state.slots.size());
		for (Slot slot : state.slots) {
			put(slot.number());
			put(slot.state().ordinal());
			put((slot.covered() ? 1 : 0) + (slot.retiring() ? 2 : 0));
			time(slot.abortAt());
			put(slot.session());
		}
		List<Connect> connects = new ArrayList<>(state.connects);
		connects.sort(Comparator.<Connect>comparingInt((connect) -> connect.grant().epoch())
			.thenComparingInt((connect) -> connect.grant().slot()));
		put(connects.size());
		for (Connect connect : connects) {
			put(connect.grant().epoch());
			put(connect.grant().slot());
			put(connect.covered() ? 1 : 0);
			time(connect.until());
			put(connect.session());
		}
		put(state.remnants.size());
		for (Remnant remnant : state.remnants) {
			put(remnant.epoch());
			time(remnant.until());
		}
	}

	private void put(ModelWorld world, LeaseCommand command) {
		if (command instanceof TryAcquire acquire) {
			put(acquire.count());
			acquire.candidates().forEach(this::put);
		}
		else if (command instanceof Readopt readopt) {
			for (int slot = 1; slot <= world.bounds.slots(); slot++) {
				put(readopt.sessions().get(slot));
			}
		}
		else if (command instanceof Pay pay) {
			put(pay.slot());
		}
		else if (command instanceof Release release) {
			new TreeSet<>(release.slots()).forEach(this::put);
		}
	}

	private void put(ModelWorld world, LeaseEvent answer) {
		if (answer instanceof SnapshotArrived arrived) {
			Snapshot snapshot = arrived.snapshot();
			for (int slot = 1; slot <= world.bounds.slots(); slot++) {
				put(snapshot.owner(slot));
				put(snapshot.user(slot));
			}
			put(snapshot.members().keySet());
			put(255);
			put(snapshot.alive());
		}
		else if (answer instanceof Acquired acquired) {
			new TreeSet<>(acquired.slots()).forEach(this::put);
		}
		else if (answer instanceof Readopted readopted) {
			new TreeSet<>(readopted.slots()).forEach(this::put);
		}
		else if (answer instanceof Paid paid) {
			put(paid.paid() ? 1 : 0);
		}
	}

	private void put(Set<SessionId> ids) {
		List<SessionId> sorted = new ArrayList<>(ids);
		sorted.sort(Comparator.comparingInt(this::known).thenComparingLong(ModelCodec::number));
		sorted.forEach(this::put);
	}

	private int known(SessionId id) {
		for (int i = 0; i < this.count; i++) {
			if (this.known[i] == number(id)) {
				return i;
			}
		}
		return Integer.MAX_VALUE;
	}

	/** Identities only say which are the same, so they are numbered as they come. */
	private void put(SessionId id) {
		if (id == null) {
			put(0);
			return;
		}
		long number = number(id);
		if (!this.renames) {
			put(number);
			return;
		}
		int at = 0;
		while (at < this.count && this.known[at] != number) {
			at++;
		}
		if (at == this.count) {
			this.known[this.count++] = number;
			put((int) id.server());
		}
		put(at + 1);
	}

	private void put(long number) {
		put((int) number);
		put((int) (number >> 8));
		put((int) (number >> 16));
	}

	private void time(long time) {
		put((time == Timers.NEVER) ? 3 : (time == 0) ? 0 : (time == ModelClock.SOON) ? 1 : 2);
	}

	private void put(int number) {
		this.bytes[this.length++] = (byte) number;
	}

	private void hash() {
		while ((this.length & 7) != 0) {
			this.bytes[this.length++] = 0;
		}
		long one = 0x9E3779B97F4A7C15L;
		long two = 0xC2B2AE3D27D4EB4FL;
		for (int i = 0; i < this.length; i += 8) {
			long part = (long) LONGS.get(this.bytes, i);
			one = Long.rotateLeft((one ^ part) * 0xBF58476D1CE4E5B9L, 31);
			two = Long.rotateLeft((two + part) * 0x94D049BB133111EBL, 29) + one;
		}
		this.low = (one ^ (one >>> 30)) * 0xBF58476D1CE4E5B9L;
		this.high = two;
	}

}
