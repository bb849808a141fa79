package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.poolwise.lease.FleetView;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.SessionId;
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

	private final LeaseRuntime runtime = new LeaseRuntime(seldomAudited(), this.ledger, new NoPools(), this.executor,
			10, System::nanoTime);

	/** Nothing but what a test does has everything read again. */
	private static LeaseSettings seldomAudited() {
		LeaseSettings usual = LeaseSettings.defaults(7, 1);
		return new LeaseSettings(usual.member(), usual.seats(), usual.connects(), usual.minimumSize(),
				usual.authenticationTimeout(), usual.pollInterval(), Duration.ofHours(1), usual.settleInterval(),
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

	private static final class NoPools implements LeasePort {

		@Override
		public void allow(int sessions, boolean open, String reason) {
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
		public boolean hasNarrowLimits() {
			return false;
		}

		@Override
		public void report(FleetView fleet) {
		}

	}

}
