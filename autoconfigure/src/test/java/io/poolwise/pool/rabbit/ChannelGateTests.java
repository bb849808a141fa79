package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChannelGate}.
 */
class ChannelGateTests {

	private static final Object HERE = "here";

	private static final Object THERE = "there";

	private final AtomicLong nanos = new AtomicLong();

	private final ChannelGate gate = new ChannelGate(2, this.nanos::get);

	@Test
	void grantsAsManyPermitsAsItsLimit() {
		assertThat(this.gate.tryEnter()).isTrue();
		assertThat(this.gate.tryEnter()).isTrue();
		assertThat(this.gate.tryEnter()).isFalse();
		assertThat(this.gate.open()).isEqualTo(2);
		this.gate.leave();
		assertThat(this.gate.tryEnter()).isTrue();
	}

	@Test
	void growthLetsInWhoHasWaitedLongest() {
		fill();
		try (ChannelGate.Waiter first = this.gate.join(HERE); ChannelGate.Waiter second = this.gate.join(HERE)) {
			this.gate.limit(3);
			assertThat(second.enter()).isFalse();
			assertThat(first.enter()).isTrue();
			this.gate.limit(4);
			assertThat(second.enter()).isTrue();
		}
		assertThat(this.gate.open()).isEqualTo(4);
		assertThat(this.gate.pending()).isZero();
	}

	@Test
	void nobodyOvertakesWhoWaits() {
		fill();
		try (ChannelGate.Waiter waiter = this.gate.join(HERE)) {
			this.gate.leave();
			assertThat(this.gate.tryEnter()).isFalse();
			assertThat(waiter.enter()).isTrue();
		}
	}

	@Test
	void aPermitThatNobodyTookGoesToTheNext() {
		fill();
		try (ChannelGate.Waiter second = behind(this.gate.join(HERE))) {
			assertThat(second.enter()).isTrue();
		}
		assertThat(this.gate.open()).isEqualTo(2);
	}

	private ChannelGate.Waiter behind(ChannelGate.Waiter first) {
		ChannelGate.Waiter second = this.gate.join(HERE);
		this.gate.leave();
		first.close();
		return second;
	}

	@Test
	void newsOfAnIdleChannelThatNobodyUsedGoesToTheNext() throws Exception {
		fill();
		ChannelGate.Waiter first = this.gate.join(HERE);
		try (ChannelGate.Waiter second = this.gate.join(HERE)) {
			this.gate.retireReturning(HERE);
			CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> woken(second));
			first.close();
			assertThat(woken.get(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static boolean woken(ChannelGate.Waiter waiter) {
		try {
			long begin = System.nanoTime();
			waiter.await(TimeUnit.SECONDS.toNanos(8));
			return System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(7);
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	@Test
	void exactlyTheChannelsAboveALoweredLimitAreClosed() {
		this.gate.limit(5);
		for (int i = 0; i < 5; i++) {
			assertThat(this.gate.tryEnter()).isTrue();
		}
		this.gate.limit(3);
		assertThat(this.gate.retireReturning(HERE)).isTrue();
		assertThat(this.gate.retireReturning(HERE)).isTrue();
		assertThat(this.gate.retireReturning(HERE)).isFalse();
		assertThat(this.gate.retire()).isFalse();
		this.gate.leave();
		assertThat(this.gate.retire()).isFalse();
		this.gate.leave();
		assertThat(this.gate.open()).isEqualTo(3);
		assertThat(this.gate.retireReturning(HERE)).isFalse();
	}

	@Test
	void aCloseIsUndertakenOnce() {
		fill();
		this.gate.limit(1);
		assertThat(this.gate.retire()).isTrue();
		assertThat(this.gate.retire()).isFalse();
	}

	@Test
	void aCloseThatNeverCameIsForgotten() {
		fill();
		this.gate.limit(1);
		assertThat(this.gate.retire()).isTrue();
		this.nanos.addAndGet(Duration.ofSeconds(61).toNanos());
		assertThat(this.gate.retire()).isTrue();
	}

	@Test
	void whoHasWaitedLongElsewhereIsGivenAChannelOfHere() {
		fill();
		try (ChannelGate.Waiter elsewhere = this.gate.join(THERE)) {
			assertThat(this.gate.retireReturning(HERE)).isFalse();
			this.nanos.addAndGet(Duration.ofMillis(101).toNanos());
			assertThat(this.gate.retireReturning(THERE)).isFalse();
			assertThat(this.gate.retireReturning(HERE)).isTrue();
			// one at a time
			assertThat(this.gate.retireReturning(HERE)).isFalse();
			this.gate.leave();
			assertThat(elsewhere.enter()).isTrue();
		}
		assertThat(this.gate.open()).isEqualTo(2);
	}

	@Test
	void listenersTakeNoPermit() {
		this.gate.listenerEntered();
		this.gate.listenerEntered();
		this.gate.listenerEntered();
		fill();
		assertThat(this.gate.listeners()).isEqualTo(3);
		this.gate.listenerLeft();
		assertThat(this.gate.listeners()).isEqualTo(2);
		assertThat(this.gate.open()).isEqualTo(2);
	}

	private void fill() {
		assertThat(this.gate.tryEnter()).isTrue();
		assertThat(this.gate.tryEnter()).isTrue();
	}

}
