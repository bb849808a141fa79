package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.FleetView;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.Strangers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StrangerCount}.
 */
class StrangerCountTests {

	private final LonelyLedger ledger = new LonelyLedger();

	private final CoordinatorSession session = this.ledger.open(1, 100);

	private final AtomicInteger told = new AtomicInteger();

	private long now = 1_000;

	private final StrangerCount count = new StrangerCount(new LeaseRuntime(LeaseSettings.defaults(7, 1), this.ledger,
			new Counting(this.told), Runnable::run, 10, () -> this.now));

	@Test
	void countsEveryFiveSeconds() throws Exception {
		assertThat(this.count.isDue()).isTrue();
		assertThat(this.count.count(this.session)).isFalse();
		pass(Duration.ofMillis(4_999));
		assertThat(this.count.isDue()).isFalse();
		pass(Duration.ofMillis(1));
		assertThat(this.count.isDue()).isTrue();
		this.ledger.strangers = 3;
		assertThat(this.count.count(this.session)).as("more than before").isTrue();
		assertThat(this.told).hasValue(2);
	}

	@Test
	void countsTwiceAfterAHintAndNotMoreThanOnceASecond() throws Exception {
		this.count.count(this.session);
		this.count.soon();
		assertThat(this.count.isDue()).as("a second has not passed").isFalse();
		pass(Duration.ofSeconds(1));
		assertThat(this.count.isDue()).isTrue();
		this.count.count(this.session);
		assertThat(this.count.isDue()).isFalse();
		pass(Duration.ofSeconds(1));
		assertThat(this.count.isDue()).isTrue();
		this.count.count(this.session);
		pass(Duration.ofSeconds(4));
		assertThat(this.count.isDue()).isFalse();
		this.count.soon();
		assertThat(this.count.isDue()).as("the last count is old").isTrue();
	}

	private void pass(Duration time) {
		this.now += time.toNanos();
	}

	/**
	 * Pools that count how often they are told.
	 */
	private record Counting(AtomicInteger told) implements LeasePort {

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
			this.told.incrementAndGet();
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
