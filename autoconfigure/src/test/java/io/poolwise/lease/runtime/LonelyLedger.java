package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.Grant;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.Snapshot;
import io.poolwise.lease.Strangers;

/**
 * A ledger that one member has for itself, and that counts what it is asked.
 */
final class LonelyLedger implements SlotLedger<Object> {

	final AtomicInteger opened = new AtomicInteger();

	final AtomicInteger closed = new AtomicInteger();

	final AtomicInteger snapshots = new AtomicInteger();

	final AtomicInteger counts = new AtomicInteger();

	volatile int strangers;

	volatile Runnable beforeOpen = () -> {
	};

	volatile Runnable beforeCall = () -> {
	};

	@Override
	public CoordinatorSession open(int seats, int budget) {
		this.beforeOpen.run();
		return new Session(new SessionId(1, this.opened.incrementAndGet(), 0));
	}

	@Override
	public Fenced fence(Object connection, Grant grant) {
		throw new UnsupportedOperationException("nobody connects");
	}

	@Override
	public boolean forgo(Object connection, int slot) {
		return true;
	}

	@Override
	public boolean end(Object connection) {
		return true;
	}

	@Override
	public boolean leftNoSession(Throwable failure, Duration took) {
		return true;
	}

	private final class Session implements CoordinatorSession {

		private final SessionId id;

		private final Set<Integer> owned = new HashSet<>();

		private int paying;

		Session(SessionId id) {
			this.id = id;
		}

		@Override
		public SessionId id() {
			return this.id;
		}

		@Override
		public long server() {
			return this.id.server();
		}

		@Override
		public int seat() {
			return 1;
		}

		@Override
		public void announce(Announcement announcement) {
			LonelyLedger.this.beforeCall.run();
		}

		@Override
		public Snapshot snapshot(int slots, Set<SessionId> watched) {
			LonelyLedger.this.beforeCall.run();
			LonelyLedger.this.snapshots.incrementAndGet();
			SessionId[] owners = new SessionId[slots + 1];
			SessionId[] users = new SessionId[slots + 1];
			this.owned.forEach((slot) -> owners[slot] = this.id);
			if (this.paying > 0) {
				users[this.paying] = this.id;
			}
			return new Snapshot(owners, users, Map.of(), Set.of(), Set.of(), 1);
		}

		@Override
		public Set<Integer> acquire(List<Integer> candidates, int count, int budget) {
			LonelyLedger.this.beforeCall.run();
			Set<Integer> taken = new LinkedHashSet<>(candidates.subList(0, Math.min(count, candidates.size())));
			this.owned.addAll(taken);
			return taken;
		}

		@Override
		public Set<Integer> readopt(Map<Integer, SessionId> sessions) {
			return Set.of();
		}

		@Override
		public boolean pay(int slot, int seat) {
			LonelyLedger.this.beforeCall.run();
			this.paying = slot;
			return true;
		}

		@Override
		public boolean repay(int slot, int former) {
			this.paying = slot;
			return true;
		}

		@Override
		public void release(Set<Integer> slots) {
			this.owned.removeAll(slots);
		}

		@Override
		public long poll() {
			LonelyLedger.this.beforeCall.run();
			return 1;
		}

		@Override
		public Strangers strangers(boolean narrow) {
			LonelyLedger.this.beforeCall.run();
			LonelyLedger.this.counts.incrementAndGet();
			return new Strangers(LonelyLedger.this.strangers, 0, 0);
		}

		@Override
		public boolean listens() {
			return false;
		}

		@Override
		public boolean hears(Duration time) {
			return false;
		}

		@Override
		public boolean end() {
			LonelyLedger.this.closed.incrementAndGet();
			return true;
		}

		@Override
		public void abort() {
			LonelyLedger.this.closed.incrementAndGet();
		}

	}

}
