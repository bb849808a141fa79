package io.poolwise.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of connects that are spaced out.
 */
class ConnectPaceTests {

	private final AtomicLong now = new AtomicLong(1_000_000);

	private double random = 0.5;

	private final ConnectPace pace = new ConnectPace(Duration.ofNanos(100), this.now::get, () -> this.random);

	@Test
	void firstIsUpToOnePauseAwayAndOthersFollowAtUnevenTimes() {
		assertThat(this.pace.next()).isEqualTo(50);
		assertThat(this.pace.next()).isEqualTo(150);
		this.random = 0;
		assertThat(this.pace.next()).isEqualTo(200);
		this.random = 0.99;
		assertThat(this.pace.next()).isEqualTo(349);
	}

	@Test
	void whatWasMissedIsNotMadeUpFor() {
		this.pace.next();
		this.now.addAndGet(10_000);
		assertThat(this.pace.next()).isZero();
		assertThat(this.pace.next()).isEqualTo(100);
	}

	@Test
	void withoutAPauseNobodyWaits() {
		ConnectPace none = new ConnectPace(Duration.ZERO, this.now::get, () -> this.random);
		for (int i = 0; i < 100; i++) {
			assertThat(none.next()).isZero();
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ConnectPace(Duration.ofNanos(-1), this.now::get, () -> 0));
	}

}
