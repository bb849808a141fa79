package io.poolwise.governor;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.poolwise.pool.ServerProbe;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LastProbeTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

	private final LastProbe probe = new LastProbe(this.now::get);

	@Test
	void aFailureTellsForHalfAMinute() {
		assertThat(this.probe.hasFailed()).isFalse();
		this.probe.remember(new ServerProbe.Failed("down"));
		assertThat(this.probe.hasFailed()).isTrue();
		this.now.addAndGet(Duration.ofSeconds(30).toNanos());
		assertThat(this.probe.hasFailed()).isTrue();
		this.now.incrementAndGet();
		assertThat(this.probe.hasFailed()).isFalse();
	}

	@Test
	void anAnswerEndsAFailure() {
		this.probe.remember(new ServerProbe.Failed("down"));
		this.probe.remember(new ServerProbe.Answered(Duration.ofMillis(1)));
		assertThat(this.probe.hasFailed()).isFalse();
	}

}
