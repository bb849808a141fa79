package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.lease.Demand;
import io.poolwise.lease.FleetView;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger.Fenced;
import io.poolwise.lease.Strangers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LeaseRuntime}, alone on a ledger that keeps no locks.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeaseRuntimeTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final LonelyLedger ledger = new LonelyLedger();

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	private final AtomicInteger failingSteps = new AtomicInteger();

	private final NoPools pools = new NoPools();

	private final LeaseRuntime runtime = new LeaseRuntime(seldomAudited(), this.ledger, this.pools, this.executor, 10,
			this::nanos);

	/** The clock, which each step reads, and which fails as a step would. */
	private long nanos() {
		if (this.failingSteps.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			throw new InternalError("provoked");
		}
		return System.nanoTime();
	}

	/** Nothing but what a test does has everything read again. */
	private static LeaseSettings seldomAudited() {
		LeaseSettings usual = LeaseSettings.defaults(7, 1);
		return new LeaseSettings(usual.member(), usual.seats(), usual.connects(), usual.strays(), usual.minimumSize(),
				Duration.ofSeconds(1), usual.pollInterval(), Duration.ofHours(1), usual.settleInterval(),
				usual.announceInterval(), usual.joinPatience(), usual.backoff(), usual.stuckAfter());
	}

	@AfterEach
	void close() {
		this.runtime.close();
		this.executor.shutdownNow();
	}

	/**
	 * One of them may be a session of ours whose application gave its locks back.
	 */
	@Test
	void moreStrangersHaveEverythingReadAgain() {
		this.runtime.start();
		await().atMost(LONG).until(() -> this.runtime.state().phase() == Phase.PAID);
		await().atMost(LONG).until(() -> this.ledger.counts.get() > 0);
		int counts = this.ledger.counts.get();
		await().atMost(LONG).until(() -> this.ledger.counts.get() > counts);
		int snapshots = this.ledger.snapshots.get();
		this.ledger.strangers = 1;
		await().atMost(LONG).until(() -> this.ledger.snapshots.get() > snapshots);
	}

	@Test
	void coordinatorThatOpensAfterTheCloseIsClosed() throws Exception {
		CountDownLatch opening = new CountDownLatch(1);
		CountDownLatch open = new CountDownLatch(1);
		this.ledger.beforeOpen = () -> {
			opening.countDown();
			await().atMost(LONG).until(() -> open.getCount() == 0);
		};
		this.runtime.start();
		assertThat(opening.await(30, TimeUnit.SECONDS)).isTrue();
		this.runtime.close();
		open.countDown();
		await().atMost(LONG).until(() -> this.ledger.opened.get() == 1 && this.ledger.closed.get() == 1);
	}

	@Test
	void errorInACallOfTheCoordinatorCostsTheSessionOnly() {
		this.runtime.start();
		awaitPaid();
		AtomicInteger failures = new AtomicInteger(3);
		this.ledger.beforeCall = () -> {
			if (failures.getAndDecrement() > 0) {
				throw new InternalError("provoked");
			}
		};
		await().atMost(LONG).until(() -> failures.get() <= 0);
		awaitPaid();
		await().atMost(LONG).until(() -> this.ledger.opened.get() > 1);
		assertThat(this.ledger.closed.get()).isEqualTo(this.ledger.opened.get() - 1);
	}

	@Test
	void errorWhileTheCoordinatorOpensIsNotTheEnd() {
		AtomicInteger failures = new AtomicInteger(2);
		this.ledger.beforeOpen = () -> {
			if (failures.getAndDecrement() > 0) {
				throw new InternalError("provoked");
			}
		};
		this.runtime.start();
		awaitPaid();
	}

	@Test
	void stepThatFailsCostsTheSessionOnly() throws Exception {
		this.runtime.start();
		for (int failures = 1; failures <= 3; failures++) {
			awaitPaid();
			int opened = this.ledger.opened.get();
			this.failingSteps.set(failures);
			await().atMost(LONG).until(() -> this.failingSteps.get() == 0 && this.ledger.opened.get() > opened);
		}
		Grant grant = grant();
		assertThat(this.runtime.fenced(grant, fenced(grant, 1))).isTrue();
	}

	@Test
	void closeThatCouldNotBeTakenInIsTakenInLater() throws Exception {
		this.runtime.start();
		Grant grant = grant();
		Fenced fenced = fenced(grant, 1);
		assertThat(this.runtime.fenced(grant, fenced)).isTrue();
		assertThat(this.runtime.state().running()).isEqualTo(1);
		this.failingSteps.set(1);
		this.runtime.closed(fenced.session());
		await().atMost(LONG).until(() -> this.runtime.state().running() == 0);
	}

	@Test
	void connectThatCouldNotBeConcludedIsConcludedLater() throws Exception {
		this.runtime.start();
		for (int i = 0; i < 3; i++) {
			Grant grant = grant();
			this.failingSteps.set(1);
			this.runtime.failed(grant);
			await().atMost(LONG).until(() -> this.runtime.state().outstanding() == 0);
		}
	}

	@Test
	void waiterIsWokenByWhatItWaitsFor() throws Exception {
		this.runtime.start();
		Grant first = grant();
		ExecutorService waiters = Executors.newSingleThreadExecutor();
		try {
			// one connect at a time
			Future<Grant> second = waiters.submit(() -> this.runtime.awaitGrant(LONG));
			await().atMost(LONG).until(() -> this.runtime.state().outstanding() == 1 && !second.isDone());
			this.runtime.failed(first);
			assertThat(second.get(20, TimeUnit.SECONDS)).isNotNull();
		}
		finally {
			waiters.shutdownNow();
		}
	}

	@Test
	void errorInACallOfThePoolsIsNotTheLastCall() {
		this.pools.failures.set(3);
		this.runtime.start();
		awaitPaid();
		await().atMost(LONG).until(() -> this.pools.failures.get() <= 0 && this.pools.open);
	}

	@Test
	void stopThatCouldNotBeTakenInIsTakenInLater() throws Exception {
		this.runtime.start();
		awaitPaid();
		this.failingSteps.set(3);
		this.runtime.close();
		await().atMost(LONG).until(() -> this.runtime.state().phase() == Phase.STOPPED);
	}

	private void awaitPaid() {
		await().atMost(LONG).until(() -> this.runtime.state().phase() == Phase.PAID);
	}

	private Grant grant() throws InterruptedException {
		this.runtime.demand(Demand.of(5));
		Grant grant = this.runtime.awaitGrant(LONG);
		assertThat(grant).isNotNull();
		return grant;
	}

	private static Fenced fenced(Grant grant, int pid) {
		return new Fenced(new SessionId(grant.coordinator().server(), pid, 1), true, true);
	}

	private static final class NoPools implements LeasePort {

		private final AtomicInteger failures = new AtomicInteger();

		private volatile boolean open;

		@Override
		public void allow(int sessions, boolean open, String reason) {
			if (this.failures.getAndDecrement() > 0) {
				throw new InternalError("provoked");
			}
			this.open = open;
		}

		@Override
		public void retire(SessionId session) {
		}

		@Override
		public void cut(SessionId session) {
		}

		@Override
		public void strangers(Strangers strangers) {
		}

		@Override
		public void limitsMayHaveChanged() {
		}

		@Override
		public boolean hasNarrowLimits() {
			return false;
		}

		@Override
		public void forbidden(String why) {
		}

		@Override
		public void report(FleetView fleet) {
		}

	}

}
